/** Rules of metric series. */
import type { Mutant } from '../mutant.ts';

const series = ['test/signals/series/series.test.ts'] as const;
const counter = ['test/signals/series/counter.test.ts'] as const;
const many = ['test/signals/series/many-series.test.ts'] as const;
const kinds = ['test/signals/series/kinds.slow.test.ts'] as const;

export const metricSeries: readonly Mutant[] = [
  {
    rule: 'series: nothing is learned of a point far off',
    file: 'signals/series/series.ts',
    from: 'if (Math.abs(judged.deviations) > far) return freeze(series, view, judged);',
    to: '',
    killedBy: series,
  },
  {
    rule: 'series: where a series stays is the new normal',
    file: 'signals/series/series.ts',
    from: '  plain.at += candidate.at;',
    to: '',
    killedBy: series,
  },
  {
    rule: 'series: what had been constant has a new level soon',
    file: 'signals/series/new-normal.ts',
    from: 'wasConstant ? afterConstant : Math.max(',
    to: 'Math.max(',
    killedBy: series,
  },
  {
    rule: 'series: a late point is not learned',
    file: 'signals/series/spacing.ts',
    from: '  if (gap <= 0) {',
    to: '  if (gap < 0) {',
    killedBy: series,
  },
  {
    rule: 'series: late points in order are the series',
    file: 'signals/series/spacing.ts',
    from: '    spacing.last = time;\n    spacing.lateRun = 0;',
    to: '',
    killedBy: series,
  },
  {
    rule: 'series: a gap makes a series no older',
    file: 'signals/series/spacing.ts',
    from: 'Math.min(gap, longestStep * step)',
    to: 'gap',
    killedBy: series,
  },
  {
    rule: 'series: an episode is raised once',
    file: 'signals/series/episodes.ts',
    from: '  raised === 0 || distance >= raised * (since <= soon ? worseSoon : muchWorse);',
    to: '  true;',
    killedBy: series,
  },
  {
    rule: 'series: what becomes much worse is raised again',
    file: 'signals/series/episodes.ts',
    from: '  raised === 0 || distance >= raised * (since <= soon ? worseSoon : muchWorse);',
    to: '  raised === 0;',
    killedBy: series,
  },
  {
    rule: 'series: what happened twice this week is usual',
    file: 'signals/series/episodes.ts',
    from: '&& !isUsual(episodes, i, point)',
    to: '',
    killedBy: kinds,
  },
  {
    rule: 'series: thresholds follow how bad usual days get',
    file: 'signals/series/series.ts',
    from: 'Math.min(mostThreshold, Math.max(leastThreshold, beyondUsual * middle));',
    to: 'leastThreshold;',
    killedBy: kinds,
  },
  {
    rule: 'series: the week counts beside the day',
    file: 'signals/series/season.ts',
    from: '(watched < weekFrom ? 0 : trustOf(season.weekTrial)) * season.ofWeek',
    to: '0',
    killedBy: series,
  },
  {
    rule: 'series: counts differ by chance',
    file: 'signals/series/level.ts',
    from: '(isWhole ? 0.5 : 0)',
    to: '0',
    killedBy: series,
  },
  {
    rule: 'series: small lasting shifts are raised',
    file: 'signals/series/series.ts',
    from: 'isEarly ? 0 : shift];',
    to: '0];',
    killedBy: kinds,
  },
  {
    rule: 'series: a counter that fell by little did not begin again',
    file: 'signals/series/counter.ts',
    from: 'value < resetBelow * last.value',
    to: 'value < last.value',
    killedBy: counter,
  },
  {
    rule: 'series: a new start time is a restart',
    file: 'signals/series/counter.ts',
    from: 'if (isNew || value',
    to: 'if (value',
    killedBy: counter,
  },
  {
    rule: 'series: the time of a restart is not judged',
    file: 'signals/series/many-series.ts',
    from: 'increase === null || found?.restarted === true ?',
    to: 'increase === null ?',
    killedBy: many,
  },
  {
    rule: 'series: a pause is no surge of a counter',
    file: 'signals/series/counter.ts',
    from: 'return isUsual ? by : (by * step) / over;',
    to: 'return by;',
    killedBy: many,
  },
  {
    rule: 'series: a new counter of a watched place began at 0',
    file: 'signals/series/many-series.ts',
    from: '      beginAtZero(entry.counter, time - 1);',
    to: '',
    killedBy: many,
  },
  {
    rule: 'series: labels tell series apart',
    file: 'signals/series/many-series.ts',
    from: 'const key = seriesKey(point);',
    to: 'const key = place + point.name;',
    killedBy: many,
  },
];
