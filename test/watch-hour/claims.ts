/** What the sentence of an incident claims, clause by clause, as a person reads it. */
import { type Duration, minutes, type Time } from '../../time/duration.ts';
import { momentOf } from './verdict.ts';

/** No line since a moment. */
export interface SilenceClaim {
  readonly kind: 'silence';
  readonly since: Time;
}

/** No line from one moment to another. */
export interface GapClaim {
  readonly kind: 'gap';
  readonly from: Time;
  readonly to: Time;
}

/** So many lines are usual: a minute, or in the pause since a moment. */
export interface UsualLinesClaim {
  readonly kind: 'usual lines';
  readonly lines: number;
  readonly per: 'minute' | 'pause';
  readonly since: Time;
}

/** So many errors in the window that ends at a moment. */
export interface ErrorsClaim {
  readonly kind: 'errors';
  readonly errors: number;
  readonly window: Duration;
  readonly usual: number;
  readonly at: Time;
}

/** Since when it has been going on, or since when it is over. */
export interface SinceClaim {
  readonly kind: 'since' | 'well';
  readonly since: Time;
}

/** Other services that belong to it. */
export interface AlsoClaim {
  readonly kind: 'also';
  readonly services: readonly string[];
}

/** A clause that this file does not know. It counts as false, or new sentences would pass unread. */
export interface UnknownClaim {
  readonly kind: 'unknown';
  readonly text: string;
}

export type Claim = SilenceClaim | GapClaim | UsualLinesClaim | ErrorsClaim | SinceClaim | AlsoClaim | UnknownClaim;

const time = String.raw`(\d\d:\d\d:\d\d)`;
const errors = String.raw`([\d,]+) errors? in the (minute|\d+ (?:minutes?|seconds?)) to ${time} where ([\d,.]+) are usual`;

const number = (text: string): number => Number(text.replaceAll(',', ''));

function windowOf(text: string): Duration {
  if (text === 'minute') return minutes(1);
  const [amount, unit] = text.split(' ');
  return unit!.startsWith('minute') ? minutes(Number(amount)) : Number(amount) * 1_000;
}

const errorsClaim = ([count, window, end, usual]: readonly string[], near: Time): ErrorsClaim => ({
  kind: 'errors',
  errors: number(count!),
  window: windowOf(window!),
  usual: number(usual!),
  at: momentOf(end!, near),
});

/** Clauses by the pattern of their words; what a clause claims is made of its captures. */
const clauses: readonly (readonly [string, (captures: readonly string[], near: Time) => readonly Claim[]])[] = [
  [`no line since ${time}`, ([since], near) => [{ kind: 'silence', since: momentOf(since!, near) }]],
  [
    String.raw`no line since ${time} where (about )?([\d,.]+)( a minute)? (?:are|is) usual`,
    ([text, , lines, rate], near) => {
      const since = momentOf(text!, near);
      const per = rate === undefined ? 'pause' : 'minute';
      return [
        { kind: 'silence', since },
        { kind: 'usual lines', lines: number(lines!), per, since },
      ];
    },
  ],
  [
    `no line since ${time} where about one in (\\d+) minutes is usual`,
    ([text, span], near) => {
      const since = momentOf(text!, near);
      return [
        { kind: 'silence', since },
        { kind: 'usual lines', lines: 1 / Number(span), per: 'minute', since },
      ];
    },
  ],
  [
    `no line from ${time} to ${time}`,
    ([from, to], near) => [{ kind: 'gap', from: momentOf(from!, near), to: momentOf(to!, near) }],
  ],
  [
    `${errors}, since ${time}`,
    (found, near) => [errorsClaim(found, near), { kind: 'since', since: momentOf(found.at(-1)!, near) }],
  ],
  [`(?:at the peak|before that) ${errors}`, (found, near) => [errorsClaim(found, near)]],
  [
    `from ${time} up to ${errors}`,
    ([since, ...rest], near) => [errorsClaim(rest, near), { kind: 'since', since: momentOf(since!, near) }],
  ],
  [`well since ${time}`, ([since], near) => [{ kind: 'well', since: momentOf(since!, near) }]],
  [
    '(?:also|well again:) (.+)',
    ([names]) => [{ kind: 'also', services: names!.replace(/ and \d+ more$/, '').split(', ') }],
  ],
];
const patterns = clauses.map(([words, make]) => [new RegExp(`^${words}$`), make] as const);

/**
 * The service that a sentence is about and what it claims; times of day are those nearest to `near`.
 *
 * @example
 * claimsOf('mail: well since 10:24:10', Date.parse('2026-01-02T10:27:00Z')).service // => 'mail'
 */
export function claimsOf(
  sentence: string,
  near: Time,
): { readonly service: string; readonly claims: readonly Claim[] } {
  const colon = sentence.indexOf(': ');
  const service = sentence.slice(0, Math.max(0, colon)).trim().split(/ +/).at(-1)!;
  const claims = sentence
    .slice(colon + 2)
    .replace(', on and off', '')
    .split('; ')
    .flatMap((text): readonly Claim[] => {
      for (const [pattern, make] of patterns) {
        const found = pattern.exec(text);
        if (found !== null) return make(found.slice(1), near);
      }
      return [{ kind: 'unknown', text }];
    });
  return { service, claims };
}
