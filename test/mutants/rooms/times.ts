/** Rules of reading times of rarer shapes. */
import type { Mutant } from '../mutant.ts';

const killedBy = ['test/logs/times/timestamps.test.ts'] as const;

export const times: readonly Mutant[] = [
  {
    rule: 'a clock behind a date that no shape fits is no time',
    file: 'logs/times/timestamps.ts',
    from: 'if (at > 0 && endsUnreadDate(text, at)) return false;',
    to: '',
    killedBy,
  },
  {
    rule: 'two numbers with a dot between them before a clock are no date',
    file: 'logs/times/unread-dates.ts',
    from: '(parts === 3 || dashed)',
    to: 'true',
    killedBy,
  },
  {
    rule: 'a word and a number that no month has are no date',
    file: 'logs/times/unread-dates.ts',
    from: 'day >= 1 && day <= 31 && ',
    to: '',
    killedBy,
  },
  {
    rule: 'a year of one digit does not lead a date',
    file: 'logs/times/date-reader.ts',
    from: 'yearMayLead: first === 2',
    to: 'yearMayLead: true',
    killedBy,
  },
  {
    rule: 'a year of two digits that leads is where the date is nearest before now',
    file: 'logs/times/date-reader.ts',
    from: 'if (leading > trailing)',
    to: 'if (leading < trailing)',
    killedBy,
  },
  {
    rule: 'the first days of a year may be of the last week of the year before',
    file: 'logs/times/date-reader.ts',
    from: 'if (ordinal < 1) return this.#setOnDay(year - 1, ordinal + daysOf(year - 1));',
    to: '',
    killedBy,
  },
  {
    rule: 'an address behind a date is no clock',
    file: 'logs/times/clock-reader.ts',
    from: 'this.end > at + 8 && this.end < at + 13',
    to: 'false',
    killedBy,
  },
  {
    rule: 'three digits behind a sign and a blank are no zone',
    file: 'logs/times/zones.ts',
    from: '(zone.end === at + 5 && !isUpper(first))',
    to: 'false',
    killedBy,
  },
  {
    rule: 'a name that only begins like a month is none',
    file: 'logs/times/month-names.ts',
    from: 'months.get(name) ?? months.get(name.toLowerCase()) ?? 0',
    to: 'months.get(name.slice(0, 3).toLowerCase()) ?? 0',
    killedBy,
  },
];
