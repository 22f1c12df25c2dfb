/** Waits for what the web page of a running command shows. */
import type { ConsoleEvent, Snapshot } from '../../console/snapshot.ts';
import type { Running } from './command.ts';

/** The first state of the page, of a command that serves it. */
export async function firstShown(running: Running): Promise<Snapshot> {
  return (await (await fetch(`${await pageOf(running)}/api/state`)).json()) as Snapshot;
}

/** Resolves when a change of the page says that at least `lines` lines were read. */
export async function linesShown(running: Running, lines: number): Promise<void> {
  const { body } = await fetch(`${await pageOf(running)}/api/events`);
  let text = '';
  for await (const bytes of body!.pipeThrough(new TextDecoderStream())) {
    text += bytes;
    const events = text.split('\n\n');
    text = events.pop()!;
    for (const event of events.filter((each) => each.startsWith('data: '))) {
      const told = JSON.parse(event.slice('data: '.length)) as ConsoleEvent;
      if (told.kind === 'delta' && (told.delta.linesTotal ?? 0) >= lines) return;
    }
  }
  throw new Error(`the page closed before it showed ${lines} lines`);
}

async function pageOf(running: Running): Promise<string> {
  await running.said(/console is at http\S+/);
  return /console is at (http\S+)/.exec(running.heard())![1]!;
}
