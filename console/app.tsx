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
import { learningNote, quietNote } from './reading.ts';
import { Services } from './services.tsx';
import type { Snapshot } from './snapshot.ts';
import { Spans } from './spans.tsx';
import { domainOf } from './time-domain.ts';

export function App() {
  const [snapshot, setSnapshot] = useState<Snapshot | null>(null);
  const [link, setLink] = useState<Link>('connecting');
  const [chosen, setChosen] = useState<string | null>(null);
  useEffect(() => connect({ onSnapshot: setSnapshot, onLink: setLink }), []);
  const news = useNews(snapshot);

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
        <div class="column">
          {selected ? (
            <>
              <IncidentList incidents={incidents} now={snapshot.now} selected={selected.id} onSelect={setChosen} />
              <IncidentDetail incident={selected} now={snapshot.now} />
            </>
          ) : (
            <Calm snapshot={snapshot} />
          )}
        </div>
        <div class="column">
          <Services
            services={snapshot.services}
            incidents={incidents}
            domain={domain}
            now={snapshot.now}
            countedTo={snapshot.countedTo}
          />
          <JobGraph nodes={snapshot.graph} />
        </div>
      </main>
      <p class="unseen" role="status" aria-live="polite">
        {news}
      </p>
    </>
  );
}

function Calm({ snapshot }: { readonly snapshot: Snapshot }) {
  const notes = [quietNote(snapshot.reading), learningNote(snapshot.services)].filter((note) => note !== null);
  return (
    <section class="panel" aria-labelledby="incidents-title">
      <h2 id="incidents-title">Incidents</h2>
      <p class="empty">{['Nothing out of the ordinary so far', ...notes].join('; ')}.</p>
    </section>
  );
}

/** A sentence about the incidents that opened since the last snapshot; silent at first, and while history is read. */
function useNews(snapshot: Snapshot | null): string {
  const known = useRef<ReadonlySet<string> | null>(null);
  const [news, setNews] = useState('');
  useEffect(() => {
    if (snapshot === null) return;
    const before = known.current;
    known.current = new Set(snapshot.incidents.map((incident) => incident.id));
    if (before === null || snapshot.phase.kind === 'history') return;
    const fresh = snapshot.incidents.filter((incident) => incident.status === 'open' && !before.has(incident.id));
    if (fresh.length > 0) setNews(fresh.map((each) => `New ${each.severity} incident: ${each.summary}`).join('. '));
  }, [snapshot]);
  return news;
}
