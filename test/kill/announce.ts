/**
 * Ports that say on a pipe which call begins and which has ended, before the process goes on: a reader of the pipe
 * knows in which awaits a process died.
 */
import { writeSync } from 'node:fs';

/** Wraps a port and what `open` and `producer` return. Lines are `> number name` and `< number name`. */
export function announced<T extends object>(target: T, port: string, fd: number): T {
  return new Proxy(target, {
    get(_, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function' || typeof name !== 'string') return member;
      const call = (...given: unknown[]): unknown => member.apply(target, given);
      if (name === 'scan') return (...given: unknown[]) => pages(() => call(...given), `${port}.scan`, fd);
      return async (...given: unknown[]) => {
        const result = await step(`${port}.${name}`, fd, () => call(...given));
        return name === 'open' || name === 'producer' ? announced(result as object, port, fd) : result;
      };
    },
  });
}

let steps = 0;

async function step<R>(name: string, fd: number, call: () => R): Promise<Awaited<R>> {
  const number = steps++;
  say(fd, `> ${number} ${name}\n`);
  try {
    return await call();
  } finally {
    say(fd, `< ${number} ${name}\n`);
  }
}

async function* pages(call: () => unknown, name: string, fd: number): AsyncIterable<unknown> {
  const iterator = (call() as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  for (;;) {
    const page = await step(name, fd, () => iterator.next());
    if (page.done === true) return;
    yield page.value;
  }
}

/** The pipe does not block; a reader that is behind is waited for. */
function say(fd: number, line: string): void {
  for (;;) {
    try {
      writeSync(fd, line);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
