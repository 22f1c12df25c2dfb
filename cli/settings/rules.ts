/**
 * What rules of suppression may hold back. A rule that is limited to a service, or to lines of a pattern, may last for
 * ever: what it hides was named. A rule without either holds back every incident there is, so that a calm screen says
 * nothing while it lasts: it must end, and so must all such rules together.
 */
import type { SuppressionRule } from '../../decisions/suppression.ts';
import { type Duration, days, type Time } from '../../time/duration.ts';

/** Refuses a field of the rule at an index. */
type RefuseRule = (index: number, field: keyof SuppressionRule, reason: string) => never;

/** Rules that are built in, under whose ids rows stand. */
const builtIn = new Set(['maintenance', 'deploy-grace', 'pipeline']);
const periods: Readonly<Record<'day' | 'week', Duration>> = { day: days(1), week: days(7) };
/** Rules for everything that hold once: together at most so long, unless so much lies between them. */
const mostOnce: Duration = days(7);
const between: Duration = days(1);
/** Rules for everything that hold again and again: together at most so much of each week. */
const mostOfWeek: Duration = days(5);
/** What a pattern must hold to say which lines are meant: stars, blanks and single letters are in every line. */
const telling = /[\p{L}\p{N}]{3}/u;

/** A rule for everything that has both its ends. */
interface Span {
  readonly index: number;
  readonly start: Time;
  readonly end: Time;
}

/** Refuses the first rule that contradicts itself or, alone or with those before it, holds back everything too long. */
export function checkRules(rules: readonly SuppressionRule[], refuse: RefuseRule): void {
  const once: Span[] = [];
  const weekly: Span[] = [];
  for (const [index, rule] of rules.entries()) {
    const { start, end, every } = rule;
    checkRule(rule, (field, reason) => refuse(index, field, reason));
    if (!isForAll(rule)) continue;
    if (start === undefined || end === undefined) {
      const needed = 'a service, a pattern with three letters or digits in a row, or start and end';
      return refuse(index, 'id', `the rule holds back everything forever; give it ${needed}`);
    }
    if (every === undefined) once.push({ index, start, end });
    else {
      if (end - start > periods[every] / 2)
        refuse(index, 'end', `must be at most half a ${every} after start: the rule holds back everything`);
      const times = periods.week / periods[every];
      for (let n = 0; n < times; n++)
        weekly.push({ index, start: start + n * periods[every], end: end + n * periods[every] });
    }
  }
  checkOnce(once, refuse);
  checkWeek(weekly, refuse);
}

function checkRule(
  { id, service, start, end, every }: SuppressionRule,
  refuse: (field: keyof SuppressionRule, reason: string) => never,
): void {
  if (builtIn.has(id)) refuse('id', `'${id}' is the id of a built-in rule; choose another`);
  if (service === '*') refuse('service', 'leave it out for all services');
  if (start !== undefined && end !== undefined && end <= start) refuse('end', 'must be later than start');
  if (every === undefined) return;
  if (start === undefined || end === undefined) return refuse('every', 'needs start and end, of the first time');
  if (end - start >= periods[every])
    refuse('end', `must be less than a ${every} after start: the rule would always hold`);
}

const isForAll = ({ service, pattern = '' }: SuppressionRule): boolean =>
  service === undefined && !telling.test(pattern);

/** Rules that follow one another closely count as one that lasts from the first to the last. */
function checkOnce(spans: readonly Span[], refuse: RefuseRule): void {
  let since = Number.NaN;
  let until = Number.NEGATIVE_INFINITY;
  for (const { index, start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    if (start >= until + between) since = start;
    until = Math.max(until, end);
    if (until - since <= mostOnce) continue;
    const from = since === start ? 'start' : `${new Date(since).toISOString()}, where rules for everything begin`;
    refuse(index, 'end', `must be at most 7 days after ${from}: until then everything is held back`);
  }
}

/** Adds rule by rule what each week has of them, so that the one is named with which it is too much. */
function checkWeek(spans: readonly Span[], refuse: RefuseRule): void {
  for (const [n, { index }] of spans.entries()) {
    if (spans[n + 1]?.index === index) continue;
    const held = heldOfWeek(spans.slice(0, n + 1));
    if (held > mostOfWeek) {
      const much = (held / periods.day).toFixed(1);
      refuse(
        index,
        'every',
        `with the rules before it, everything is held back for ${much} days of each week; 5 is the most`,
      );
    }
  }
}

/** How much of a week is in one span or more, each again every week. */
function heldOfWeek(spans: readonly Span[]): Duration {
  const parts = spans.flatMap(({ start, end }) => {
    const from = ((start % periods.week) + periods.week) % periods.week;
    const to = from + (end - start);
    if (to <= periods.week) return [{ from, to }];
    return [
      { from, to: periods.week },
      { from: 0, to: to - periods.week },
    ];
  });
  let held = 0;
  let reached = 0;
  for (const { from, to } of parts.sort((a, b) => a.from - b.from)) {
    held += Math.max(0, to - Math.max(from, reached));
    reached = Math.max(reached, to);
  }
  return held;
}
