/**
 * The whole page: what runs (header), what is wrong (incidents and the one that is selected), what it looks like
 * (services) and how far the job is (graph). It holds two things: the newest snapshot and the selected incident.
 */

import { useEffect, useRef, useState } from 'preact/hooks';
import { connect, type Link } from './connect.ts';
import { Header } from './header.tsx';
import { IncidentDetail } from './incident-detail.tsx';
import { IncidentList } from './incident-list.tsx';
import { inReadingOrder } from './incident-order.ts';
import { JobGraph } from './job-graph.tsx';
import { Services } from './services.tsx';
import type { Incident, Snapshot } from './snapshot.ts';
import { Spans } from './spans.tsx';
import { domainOf } from './time-domain.ts';

export function App() {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const [link, setLink] = useState<Link>('connecting');
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => connect({ onSnapshot: setSnapshot, onLink: setLink }), []);
  const news = useNews(snapshot?.incidents ?? []);

  if (snapshot === null) {
    return (
      <main class="waiting" aria-busy={link !== 'lost'}>
        <p role="status">{link === 'lost' ? 'The server does not answer. Trying again …' : 'Connecting …'}</p>
      </main>
    );
  }
  const incidents = inReadingOrder(snapshot.incidents);
  const selected = incidents.find((incident) => incident.id === chosen) ?? incidents[0] ?? null;
  const domain = domainOf(snapshot);
  return (
    <>
      <Header snapshot={snapshot} link={link} />
      <Spans snapshot={snapshot} domain={domain} onSelect={setChosen} />
      <main class="columns">
        <div class="left">
          <IncidentList incidents={incidents} now={snapshot.now} selected={selected?.id ?? null} onSelect={setChosen} />
          <IncidentDetail incident={selected} now={snapshot.now} services={snapshot.services} />
        </div>
        <Services services={snapshot.services} incidents={incidents} domain={domain} now={snapshot.now} />
        <JobGraph nodes={snapshot.graph} />
      </main>
      <p class="unseen" role="status" aria-live="polite">
        {news}
      </p>
    </>
  );
}

/** A sentence about the incidents that opened since the last snapshot; silent about those that were there at first. */
function useNews(incidents: readonly Incident[]): string {
  const known = useRef<ReadonlySet<string> | null>(null);
  const [news, setNews] = useState('');
  useEffect(() => {
    const open = incidents.filter((incident) => incident.status === 'open');
    const fresh = known.current === null ? [] : open.filter((incident) => !known.current!.has(incident.id));
    if (known.current !== null || incidents.length > 0) known.current = new Set(incidents.map((each) => each.id));
    if (fresh.length > 0) setNews(fresh.map((each) => `New ${each.severity} incident: ${each.summary}`).join('. '));
  }, [incidents]);
  return news;
}
