/**
 * One small chart per service: errors a minute against the band that the baseline expects, with the incidents shaded.
 * What is hit stands first.
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
  readonly countedTo: number;
}

/** More charts than this cost a browser more than they tell a person; the rest is a click away. */
const shownAtFirst = 48;
const none: readonly Incident[] = [];

export function Services({ services, incidents, domain, now, countedTo }: Props) {
  const [isAllShown, setAllShown] = useState(false);
  const byService = useMemo(() => groupByService(incidents), [incidents]);
  const sorted = inUrgentOrder(services, incidents);
  const shown = isAllShown ? sorted : sorted.slice(0, shownAtFirst);
  return (
    <section class="panel services" aria-labelledby="services-title">
      <div class="panel-head">
        <h2 id="services-title">
          Services <span class="count">{services.length}</span>
        </h2>
        <p class="legend">
          <span>
            <i class="key key-line" /> errors a minute
          </span>
          <span>
            <i class="key key-band" /> expected ± 2√expected
          </span>
          <span>
            <i class="key key-span" /> incident
          </span>
          <span>
            <i class="key key-deploy" /> deploy
          </span>
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
            countedTo={countedTo}
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

/** Services of open incidents, in their order; then the others by criticality and name. */
function inUrgentOrder(services: readonly Service[], incidents: readonly Incident[]): readonly Service[] {
  const open = incidents.filter((incident) => incident.status === 'open').flatMap((incident) => incident.services);
  const urgency = new Map([...new Set(open)].map((name, i) => [name, i]));
  const urgencyOf = (service: Service): number => urgency.get(service.name) ?? urgency.size;
  return services.toSorted(
    (a, b) => urgencyOf(a) - urgencyOf(b) || b.criticality - a.criticality || (a.name < b.name ? -1 : 1),
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
