/**
 * The life of a split of files. A split is one file for its whole life, known by device and inode; a name leads to it,
 * and names change. These are its states, and how each is told from the others:
 *
 * | state    | what it is                                         | told by                                             |
 * | -------- | -------------------------------------------------- | --------------------------------------------------- |
 * | listed   | known, not open                                    | a scan finds its inode under a name asked for       |
 * | open     | bytes stand behind the position                    | a read brings bytes                                 |
 * | at end   | all was read, more may come                        | a look shows no byte behind the position            |
 * | resting  | at end, its handle closed to spare others          | more than `mostOpen` files are open                 |
 * | ended    | nothing more is expected                           | not followed, a whole gzip file, a stream's end,    |
 * |          |                                                    | or renamed out of sight and a minute without growth |
 * | gone     | the file is no more, its inode is free             | a look shows no link to it                          |
 *
 * Two things can happen to the file in between. It is *cut*: it is shorter than the position, or begins otherwise than
 * it did; it was truncated after having been copied, and is read from its beginning as the next generation. Or it is
 * *replaced*: the inode belongs to another file by now, which shows in another time of birth, where the filesystem
 * keeps one, or in another beginning; that file is read from its beginning, as the next generation too. What a gone
 * file's inode is used for next is another file in any case. Only what has a name asked for is read in another one's
 * place. An ended file that changes under a name asked for is listed again; one that is not followed is not.
 *
 * Not to be told: a file that was cut, or replaced where no time of birth is kept, and has grown beyond the position
 * between two looks, with the same first 256 bytes.
 */

import { type FilePosition, startOf } from './batch.ts';
import { formOf } from './encoding.ts';
import { headOf, sameHead } from './head.ts';

/** Where a split stands in its life. */
export type Life = 'listed' | 'open' | 'at end' | 'resting' | 'ended' | 'gone';

/** What happens to a split. `changed` is what a scan sees of one that had ended; `rested` that its handle was closed. */
export type LifeEvent = 'read' | 'drained' | 'rested' | 'finished' | 'vanished' | 'changed';

/** What follows on what. An event that a state does not list leaves it as it is. */
const passages: Readonly<Record<Life, Partial<Record<LifeEvent, Life>>>> = {
  listed: { read: 'open', drained: 'at end', finished: 'ended', vanished: 'gone' },
  open: { drained: 'at end', rested: 'listed', finished: 'ended', vanished: 'gone' },
  'at end': { read: 'open', rested: 'resting', finished: 'ended', vanished: 'gone' },
  resting: { read: 'open', drained: 'at end', finished: 'ended', vanished: 'gone' },
  ended: { changed: 'listed' },
  gone: { changed: 'listed' },
};

/**
 * The state after an event.
 *
 * @example
 * lifeAfter('at end', 'read') // => 'open'
 * lifeAfter('gone', 'read') // => 'gone'
 */
export const lifeAfter = (life: Life, event: LifeEvent): Life => passages[life][event] ?? life;

/** Whether nothing is read of a split in this state. */
export const isOver = (life: Life | undefined): boolean => life === 'ended' || life === 'gone';

/** What a look at an open file shows. */
export interface Look {
  /** In bytes. */
  readonly size: number;
  /** The file's first bytes, as many as `headBytes` if it has them. */
  readonly beginning: Buffer;
  /** When the file was made, in ns since the epoch; undefined where the filesystem does not keep it. */
  readonly born: string | undefined;
}

/** What became of the file of a position: it is the same, it was cut, or another file took its place. */
export type Verdict = 'same' | 'cut' | 'replaced';

/** Judges whether a position is one of the file that a look shows. Costs at most one hash of 256 bytes. */
export function judge({ head, offset, born, gone }: FilePosition, look: Look): Verdict {
  if (gone === true) return 'replaced';
  if (born !== undefined && look.born !== undefined && born !== look.born) return 'replaced';
  if (!sameHead(head, look.beginning)) return 'cut';
  return formOf(look.beginning) === 'plain' && look.size < offset ? 'cut' : 'same';
}

/** Whether a position says anything by which its file could be told from another one with the same inode. */
export const hasEvidence = ({ head, born }: FilePosition): boolean => head.bytes > 0 || born !== undefined;

/** The position in the file that a look shows, with what is known of the file now. */
export function positionAfter(position: FilePosition, verdict: Verdict, { beginning, born }: Look): FilePosition {
  const bornNow = born === undefined ? {} : { born };
  if (verdict !== 'same') {
    const { path, generation } = position;
    return { ...startOf(path), generation: generation + 1, head: headOf(beginning), ...bornNow };
  }
  if (beginning.length > position.head.bytes) return { ...position, head: headOf(beginning), ...bornNow };
  return born === undefined || born === position.born ? position : { ...position, born };
}
