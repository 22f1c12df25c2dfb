/** Rules of reading logs. */
import type { Mutant } from '../mutant.ts';

export const logs: readonly Mutant[] = [
  {
    rule: 'a container runtime marks a piece of a line',
    file: 'logs/envelopes/cri.ts',
    from: "if (tag === partialTag) wrapping.fields.push('log.flags', 'partial');",
    to: '',
    killedBy: ['test/logs/envelopes/envelopes.test.ts'],
  },
  {
    rule: 'the line behind a piece of a container runtime is its rest',
    file: 'logs/lines/content.ts',
    from: "this.cut = tag === partialTag ? 'yes' : 'no';",
    to: "this.cut = 'no';",
    killedBy: ['test/logs/lines/line-joiner.test.ts'],
  },
  {
    rule: 'a piece that Fluent Bit took from a container runtime is marked',
    file: 'logs/envelopes/fluent-bit.ts',
    from: "record['logtag'] === 'P'",
    to: "record['logtag'] === 'F'",
    killedBy: ['test/logs/envelopes/envelopes.test.ts'],
  },
];
