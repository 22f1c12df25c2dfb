/**
 * Where the bytes of a split come from: a plain file read at any offset, a gzip file inflated from its beginning, or a
 * stream such as standard input that can't be read twice. Offsets count uncompressed bytes, of UTF-16 those of the same
 * text in UTF-8.
 */
import { once } from 'node:events';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type Clock, within } from '../../time/clock.ts';
import type { Duration } from '../../time/duration.ts';
import type { ByteSource } from './byte-source.ts';
import { decodedSource, type Form } from './encoding.ts';

/** A file's bytes from `offset` to the size that `sizeOf` returns. The handle stays open when the source is closed. */
function plainSource(handle: FileHandle, offset: number, sizeOf: () => number): ByteSource {
  return {
    async read(limit, carry) {
      const wanted = Math.min(limit, sizeOf() - offset);
      if (wanted <= 0) return carry;
      const bytes = Buffer.allocUnsafeSlow(carry.length + wanted);
      carry.copy(bytes);
      const { bytesRead } = await handle.read(bytes, carry.length, wanted, offset);
      offset += bytesRead;
      return bytes.subarray(0, carry.length + bytesRead);
    },
    async close() {},
  };
}

/** A file from `offset` on. Of one that is not plain, everything before is read and thrown away. */
export async function fileSource(handle: FileHandle, offset: number, { form, sizeOf }: Filed): Promise<ByteSource> {
  if (form === 'plain') return plainSource(handle, offset, sizeOf);
  const source = form === 'gzip' ? gzipSource(handle) : plainSource(handle, 0, sizeOf);
  const decoded = decodedSource(source);
  const none = Buffer.alloc(0);
  for (let skipped = 0; skipped < offset; ) {
    const bytes = await decoded.read(offset - skipped, none);
    if (bytes === undefined || bytes.length === 0) break;
    skipped += bytes.length;
  }
  return decoded;
}

/** What a file is written in, and how large it is now. */
export interface Filed {
  readonly form: Form;
  readonly sizeOf: () => number;
}

/** A gzip file, inflated. */
function gzipSource(handle: FileHandle): ByteSource {
  const file = Readable.from(chunksOf(handle), { objectMode: false });
  const inflated = createGunzip({ chunkSize: 1 << 18 });
  file.on('error', (error) => inflated.destroy(error)).pipe(inflated);
  const source = streamSource(inflated, { wait: Number.POSITIVE_INFINITY });
  return {
    read: source.read,
    async close() {
      file.destroy();
      await source.close();
    },
  };
}

/** The whole file; unlike the handle's own stream this one leaves the handle open when it is destroyed. */
async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let at = 0; ; ) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafeSlow(1 << 18), 0, 1 << 18, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

/** How long reads of a stream wait for bytes or its end, in ms. A bound needs a clock. */
export interface StreamWait {
  readonly wait: Duration;
  readonly clock?: Clock;
}

/** A stream from where it is. */
export function streamSource(stream: Readable, { wait, clock }: StreamWait): ByteSource {
  let rest: Buffer = Buffer.alloc(0);
  let failure: unknown;
  stream.on('error', (error) => {
    failure = error;
  });
  return {
    async read(limit, carry) {
      let isOut = false;
      while (rest.length === 0) {
        const bytes = stream.read() as Buffer | null;
        if (bytes !== null) rest = bytes;
        else if (failure !== undefined) throw failure;
        else if (stream.readableEnded || stream.destroyed) return carry;
        else if (wait === Number.POSITIVE_INFINITY) await change(stream);
        else if (wait === 0 || isOut || clock === undefined) return undefined;
        else isOut = !(await changesWithin(stream, wait, clock));
      }
      const taken = rest.subarray(0, limit);
      rest = rest.subarray(taken.length);
      return carry.length === 0 ? taken : Buffer.concat([carry, taken]);
    },
    async close() {
      stream.destroy();
    },
  };
}

/** Whether something happened to the stream before `ms` passed. */
async function changesWithin(stream: Readable, ms: Duration, clock: Clock): Promise<boolean> {
  const done = new AbortController();
  const changed = change(stream, done).then(() => true);
  const isChanged = await within(changed, { clock, ms, late: () => false });
  // Otherwise the stream would keep the listeners of every wait.
  done.abort();
  return isChanged;
}

/** Resolves when the stream has bytes, ended or failed; the next read shows which of these. Ends with `done`. */
async function change(stream: Readable, done = new AbortController()): Promise<void> {
  const events = ['readable', 'end', 'close'].map((event) => once(stream, event, { signal: done.signal }));
  await Promise.race(events).catch(() => {});
  done.abort();
  await Promise.allSettled(events);
}
