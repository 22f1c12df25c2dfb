/**
 * One small chart per service: errors a minute against the band that the baseline expects, with the incidents shaded.
 * Services of open incidents come first, then by criticality and name.
 */

import { useMemo, useState } from 'preact/hooks';
import { ServiceCard } from './service-card.tsx';
import type { Incident, Service } from './snapshot.ts';
import type { Domain } from './time-domain.ts';

interface Props {
  readonly services: readonly Service[];
  readonly incidents: readonly Incident[];
  readonly domain: Domain;
  readonly now: number;
}

/** More charts than this cost a browser more than they tell a person; the rest is a click away. */
const SHOWN_AT_FIRST = 48;
const none: readonly Incident[] = [];

export function Services({ services, incidents, domain, now }: Props) {
  const [isAllShown, setAllShown] = useState(false);
  const byService = useMemo(() => groupByService(incidents), [incidents]);
  const isHit = (service: Service): number =>
    byService.get(service.name)?.some((incident) => incident.status === 'open') ? 1 : 0;
  const sorted = services.toSorted(
    (a, b) => isHit(b) - isHit(a) || b.criticality - a.criticality || (a.name < b.name ? -1 : 1),
  );
  const shown = isAllShown ? sorted : sorted.slice(0, SHOWN_AT_FIRST);
  return (
    <section class="panel services" aria-labelledby="services-title">
      <div class="panel-head">
        <h2 id="services-title">
          Services <span class="count">{services.length}</span>
        </h2>
        <p class="legend">
          <span class="key key-line" /> errors a minute <span class="key key-band" /> expected ± 2√expected{' '}
          <span class="key key-span" /> incident <span class="key key-deploy" /> deploy
        </p>
      </div>
      {services.length === 0 && <p class="empty">No service has written a line yet.</p>}
      <ul class="cards">
        {shown.map((service) => (
          <ServiceCard
            key={service.name}
            service={service}
            incidents={byService.get(service.name) ?? none}
            domain={domain}
            now={now}
          />
        ))}
      </ul>
      {shown.length < sorted.length && (
        <button type="button" class="more" onClick={() => setAllShown(true)}>
          Show all {sorted.length} services
        </button>
      )}
    </section>
  );
}

function groupByService(incidents: readonly Incident[]): ReadonlyMap<string, readonly Incident[]> {
  const groups = new Map<string, Incident[]>();
  for (const incident of incidents) {
    for (const name of incident.services) {
      const group = groups.get(name);
      if (group) group.push(incident);
      else groups.set(name, [incident]);
    }
  }
  return groups;
}
