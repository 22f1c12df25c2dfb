/**
 * What a reader must know before believing a calm screen: whether lines come at all, how many are in no pane, and how
 * many services are not known well enough yet. Sentences for the page and for the terminal.
 */
import { full, span } from './format.ts';
import type { Reading, Service } from './snapshot.ts';

/** A stream without a line for this long is said to be quiet. */
const quietAfter = 10_000;

/**
 * Null while lines come.
 * @example
 * quietNote({ at: 60_000, since: 0, lastLineAt: 35_000, dead: 0, late: 0 })  // => 'last line read 25 s ago'
 * quietNote({ at: 60_000, since: 0, lastLineAt: null, dead: 0, late: 0 })    // => 'no line read for 60 s'
 */
export function quietNote({ at, since, lastLineAt }: Reading): string | null {
  const quiet = at - (lastLineAt ?? since);
  if (quiet < quietAfter) return null;
  return lastLineAt === null ? `no line read for ${span(quiet)}` : `last line read ${span(quiet)} ago`;
}

/**
 * @example
 * setAsideNote({ dead: 3, late: 2 })  // => '3 set aside as dead letters, 2 of them late'
 */
export function setAsideNote({ dead, late }: Pick<Reading, 'dead' | 'late'>): string {
  return `${full(dead)} set aside as dead letters, ${full(late)} of them late`;
}

/** How many services are too new to be judged as others are; null when none is. */
export function learningNote(services: readonly Service[]): string | null {
  const learning = services.filter((service) => service.learning).length;
  if (learning === 0) return null;
  return `${full(learning)} of ${full(services.length)} services still being learned, where only strong signals count`;
}
