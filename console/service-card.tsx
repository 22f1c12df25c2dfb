/** One service: its name, how it is, its numbers now or under the pointer, and its chart. */

import { useEffect, useMemo, useRef } from 'preact/hooks';
import { createChart, type ServiceChart } from './chart.ts';
import { clock, short, visible } from './format.ts';
import { perMinute, type Rates } from './rates.ts';
import type { Incident, Service } from './snapshot.ts';
import type { Domain } from './time-domain.ts';

interface Props {
  readonly service: Service;
  readonly incidents: readonly Incident[];
  readonly domain: Domain;
  readonly now: number;
  readonly countedTo: number;
}

export function ServiceCard({ service, incidents, domain, now, countedTo }: Props) {
  const rates = useMemo(() => perMinute(service.series, countedTo), [service.series, countedTo]);
  const open = incidents.find((incident) => incident.status === 'open');
  const readout = useRef<HTMLParagraphElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<ServiceChart | null>(null);
  const latest = useRef(rates);
  latest.current = rates;

  useEffect(() => {
    const onCursor = (index: number | null): void => {
      if (readout.current) readout.current.textContent = describe(latest.current, index);
    };
    chart.current = createChart(place.current!, onCursor);
    return () => chart.current?.destroy();
  }, []);
  useEffect(() => {
    chart.current?.show({ service: service.name, rates, incidents, domain, now });
    if (readout.current) readout.current.textContent = describe(rates, null);
  }, [rates, incidents, domain.from, domain.to]);

  return (
    <li class={open ? `card severity-${open.severity}` : 'card'}>
      <div class="card-head">
        <h3 title={visible(service.name, 200)}>{visible(service.name, 60)}</h3>
        {service.team !== undefined && <span class="team">{visible(service.team, 40)}</span>}
        {service.criticality !== 1 && (
          <span class="criticality" title="Business criticality">
            ×{short(service.criticality)}
          </span>
        )}
        {open && <span class="severity">{open.severity}</span>}
        {!open && service.learning && (
          <span class="learning" title="Too few data for a baseline that can be trusted">
            learning
          </span>
        )}
      </div>
      <p class="readout" ref={readout} />
      <div class="chart" ref={place} role="img" aria-label={`${visible(service.name, 60)}: ${describe(rates, null)}`} />
    </li>
  );
}

/** The numbers of one minute; of the last one when `index` is null. */
function describe(rates: Rates, index: number | null): string {
  const at = index ?? rates.t.length - 1;
  const t = rates.t[at];
  if (t === undefined) return 'not a minute of events yet';
  const [errors, total] = [short(rates.errors[at]!), short(rates.total[at]!)];
  const expected = rates.expected[at] ?? null;
  const baseline = expected === null ? 'no baseline yet' : `expected ${short(expected)}`;
  if (index !== null) return `${clock(t * 1000)} · ${errors} of ${total}, ${baseline}`;
  return `${errors} errors of ${total} events, ${baseline}`;
}
