/** A process of its own, since damage may end it: damages a file in random ways and uses what the check lets pass. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { damageOf } from '../../../lmdb/damage.ts';
import { openEmbedded } from '../../../lmdb/environment.ts';
import { mulberry32 } from '../../../testing/random.ts';

const [, , path, count] = process.argv;
const sound = readFileSync(join(path!, 'data.mdb'));
const random = mulberry32(1);
const below = (limit: number) => Math.floor(random() * limit);
const damaged = join(path!, 'damaged');
let found = 0;
let survived = 0;
for (let i = 0; i < Number(count); i++) {
  const bytes = Buffer.from(sound);
  const page = below(bytes.length / 8192) * 8192;
  const [from, length] = [
    [page, 8192],
    [page + below(8000), 64],
    [page + below(64), 1],
  ][i % 3] as [number, number];
  for (let at = from; at < from + length; at++) bytes[at] = below(256);
  rmSync(damaged, { recursive: true, force: true });
  mkdirSync(damaged);
  writeFileSync(join(damaged, 'data.mdb'), bytes);
  if (damageOf(join(damaged, 'data.mdb')) !== undefined) {
    found++;
    continue;
  }
  const file = openEmbedded(damaged);
  const table = file.table('table');
  file.read(() => [...table.getRange({ start: Buffer.alloc(1) })]);
  await file.write(() => {
    for (let n = 0; n < 300; n++) table.putSync(Buffer.from(`key-${n}`), Buffer.alloc(50));
  });
  await file.close();
  survived++;
}
process.stdout.write(JSON.stringify({ found, survived }));
