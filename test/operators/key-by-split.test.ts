import { expect, test } from 'vitest';
import { eventTime, int, job, keyBySplit, process, scan, script, string, to, topic, union } from '../../index.ts';
import { END, play } from '../../testing/index.ts';

type BySplit = readonly [split: string, key: string];

test('equal keys of two sources do not meet, also where what they send is keyed once more', async () => {
  /** Says a word again when its timer fires: then it comes from no batch that was read. */
  const echo = process<string, string, BySplit>('echo', (ctx) => {
    const word = ctx.value('word', string);
    return {
      onData(value, time, out) {
        word.set(value);
        ctx.timer(time + 1);
        out.emit(value);
      },
      onTimer: (_, out) => out.emit(word.get()!),
    };
  });
  const words = job('words', (from) => {
    union(from('left', script<string>([])), from('right', script<string>([]))).pipe(
      eventTime({ at: () => 1, outOfOrder: 0 }),
      keyBySplit((word: string) => word),
      echo,
      keyBySplit((word: string) => word.toUpperCase()),
      scan('count', { codec: int }, (n = 0, _: string, [split, key]: BySplit) => [n + 1, `${split} ${key} ${n + 1}`]),
      to('counts', topic<string>('counts')),
    );
  });
  const { topics } = await play(words, { left: ['a', END], right: ['a', 'b', END] });
  const last = new Map(topics['counts']!.map((said) => [String(said).slice(0, -2), String(said).slice(-1)]));
  expect([...last].sort()).toEqual([
    [expect.stringMatching(/^left\/\S+ A$/), '2'],
    [expect.stringMatching(/^right\/\S+ A$/), '2'],
    [expect.stringMatching(/^right\/\S+ B$/), '2'],
  ]);
});
