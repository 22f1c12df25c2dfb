/** WALK_STEPS and WALK_SEED ask for another walk, as `npm run walks` does. */
import { expect, test } from 'vitest';
import { mulberry32 } from '../../testing/random.ts';
import { emptyDirectory } from '../support/empty-directory.ts';
import { walkFiles } from './file-walk.ts';

const steps = Number(process.env['WALK_STEPS'] ?? 4_000);
const seed = Number(process.env['WALK_SEED'] ?? 14);

test(`over ${steps} steps in the life of files no line is lost that could be read, and none is read twice`, async () => {
  const taken = await walkFiles(emptyDirectory(), mulberry32(seed), steps);
  expect([...taken.keys()].toSorted()).toEqual([
    'append',
    'begin',
    'commit',
    'crash',
    'create',
    'cut',
    'pull',
    'remove',
    'rename',
    'replace',
    'scan',
    'stop',
    'wait',
  ]);
}, 600_000);
