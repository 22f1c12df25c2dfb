/**
 * Connects the page to its server: a server-sent-event stream for changes, one fetch for the state they build on.
 * The browser reconnects the stream by itself; every (re)connection starts from a fresh snapshot.
 */

import { emptyFeed, type Feed, needsSnapshot, receive } from './feed.ts';
import type { ConsoleEvent, Snapshot } from './snapshot.ts';

export type Link = 'connecting' | 'connected' | 'lost';

export interface Listener {
  onSnapshot(snapshot: Snapshot): void;
  onLink(link: Link): void;
}

/** Keeps `listener` up to date until the returned function is called. */
export function connect(listener: Listener): () => void {
  let feed: Feed = emptyFeed;
  let fetching = false;
  const stream = new EventSource('./api/events');

  const take = (event: ConsoleEvent): void => {
    feed = receive(feed, event);
    if (feed.snapshot) listener.onSnapshot(feed.snapshot);
    if (needsSnapshot(feed)) void refresh();
  };

  const refresh = async (): Promise<void> => {
    if (fetching) return;
    fetching = true;
    try {
      const response = await fetch('./api/state', { headers: { accept: 'application/json' } });
      if (response.ok) take({ kind: 'snapshot', snapshot: (await response.json()) as Snapshot });
    } catch {
      listener.onLink('lost');
    } finally {
      fetching = false;
    }
  };

  stream.onopen = () => {
    listener.onLink('connected');
    feed = emptyFeed;
    void refresh();
  };
  stream.onmessage = (message: MessageEvent<string>) => take(JSON.parse(message.data) as ConsoleEvent);
  stream.onerror = () => listener.onLink('lost');
  return () => stream.close();
}
