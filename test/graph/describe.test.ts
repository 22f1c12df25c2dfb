import { expect, describe as group, test } from 'vitest';
import { script } from '../../connectors/script.ts';
import { topic } from '../../connectors/topic.ts';
import { describe, planMermaid, planText } from '../../graph/describe.ts';
import { job } from '../../graph/job.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { to } from '../../operators/to.ts';
import { union } from '../../operators/union.ts';
import { sampleJob } from '../support/sample-graph.ts';

group('describe', () => {
  test('is plain data: what JSON makes of it is the same', () => {
    const description = describe(sampleJob());
    expect(JSON.parse(JSON.stringify(description))).toEqual(JSON.parse(JSON.stringify(description)));
    expect(Object.isFrozen(sampleJob())).toBe(true);
    expect(description.nodes.find((n) => n.uid === 'rise')).toMatchObject({
      verb: 'scan',
      keyed: true,
      timed: true,
      states: [{ space: 'rise/state', kind: 'value', codec: 'float64', version: 1, ttl: 5_400_000 }],
    });
  });

  test('every node stands in one stage and one segment', () => {
    for (const exchange of ['inline', 'topic'] as const) {
      const { nodes, stages } = describe(sampleJob(), exchange);
      const placed = stages.flatMap((s) => s.segments.flatMap((g) => g.nodes)).sort((a, b) => a - b);
      expect(placed).toEqual(nodes.map((n) => n.id));
      for (const node of nodes) expect(stages[node.stage]!.segments[node.segment]!.nodes).toContain(node.id);
    }
  });
});

group('planText', () => {
  test('shows forks, side outputs, the exchange, the gate and the states with their versions', () => {
    const text = planText(describe(sampleJob()));
    expect(text.replace(/plan [0-9a-f]{16}/, 'plan …')).toBe(
      [
        'job sample, plan …',
        '',
        'stage all: commits epochs: state, positions and outputs in one write; 2 segments, 1 with a gate',
        '  from lines: topic lines',
        '  eventTime: 10 s out of order, idle after 1 min',
        '  ├ filter',
        '  │ to fatal: topic fatal',
        `  └ keyBy: ${String((l: { service: string }) => l.service)}  ⇄ exchange inline`,
        '    window per-minute  ▸ gate',
        '      · map per-minute/panes as int version 1',
        '    ├ [late] to late: topic late',
        '    └ scan rise',
        '        · value rise/state as float64 version 1, kept for 90 min',
        '      to rises: topic rises',
      ].join('\n'),
    );
  });

  test('with exchanges through topics, each side is a stage', () => {
    const text = planText(describe(sampleJob(), 'topic'));
    expect(text).toContain('stage per-minute: commits epochs');
    expect(text).toContain('⇄ exchange topic');
  });

  test('a union is drawn once and names its other inputs', () => {
    const united = job('united', (from) => {
      const a = from('a', script([1]));
      const b = from('b', script([2]));
      union(a, b).pipe(to('out', topic('out')));
    });
    const text = planText(describe(united));
    expect(text.match(/union/g)).toHaveLength(1);
    expect(text).toContain('union, also from b');
  });

  test('former uids and sources that cannot be read again are named', () => {
    const renamed = job('renamed', (from) => {
      const stdin = { ...script([1]), label: 'stdin', replayable: false };
      from('in', stdin).pipe(to('out', topic('out'), { was: ['old-out'] }));
    });
    const text = planText(describe(renamed));
    expect(text).toContain("from in: stdin, can't be read again");
    expect(text).toContain('to out (was old-out)');
  });
});

group('planMermaid', () => {
  test('has a box per node, a frame per segment and an arrow per edge', () => {
    const text = planMermaid(describe(sampleJob()));
    const { nodes, stages } = describe(sampleJob());
    expect(text.match(/subgraph /g)).toHaveLength(stages[0]!.segments.length);
    for (const { id } of nodes) expect(text).toMatch(new RegExp(`^ {4}n${id}[([]`, 'm'));
    expect(text.match(/^ {2}n\d+ --/gm)).toHaveLength(nodes.flatMap((n) => n.inputs).length);
    expect(text).toContain('-- late -->');
    expect(text).toContain('-- by key, inline -->');
  });

  test('signs that Mermaid would read as markup are written as entities', () => {
    const quoting = job('quoting', (from) => {
      from('in', script([{ name: 'x' }])).pipe(
        keyBy((e) => `"${e.name}" <b>`),
        map((e) => e),
        to('out', topic('out')),
      );
    });
    const labels = planMermaid(describe(quoting))
      .split('\n')
      .filter((line) => /^ {4}n/.test(line))
      .map((line) => line.replace(/^.*?\["|"\].*$/g, '').replaceAll('<br>', ''));
    for (const label of labels) expect(label.replace(/^ *n\d+\(?\[?"?|"\]\)?$/g, '')).not.toMatch(/["<>]/);
  });
});
