/**
 * The last hour as one strip: what was detected and, in the demo, what was injected above it. The injected lane can be
 * hidden, for readers who want to guess first; the detector never sees it. The marks are for the pointer; by keyboard
 * the same incidents are chosen in the list.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import { clock, span, visible } from './format.ts';
import type { Fault, Incident, Severity, Snapshot } from './snapshot.ts';
import { type Bar, stack } from './stack.ts';
import type { Domain } from './time-domain.ts';

interface Props {
  readonly snapshot: Snapshot;
  readonly domain: Domain;
  readonly onSelect: (id: string) => void;
}

interface Mark extends Bar {
  readonly label: string;
  readonly title: string;
  readonly look: 'injected' | 'suppressed' | Severity;
}

export function Spans({ snapshot, domain, onSelect }: Props) {
  const [isShown, setShown] = useState(true);
  const { faults, incidents, now } = snapshot;
  return (
    <section class="spans" aria-label="The last hour">
      {faults && (
        <div class="lane">
          <h2>
            Injected
            <button type="button" aria-expanded={isShown} onClick={() => setShown(!isShown)}>
              {isShown ? 'hide' : 'show'}
            </button>
          </h2>
          {isShown ? (
            <Lane marks={faults.map((fault) => faultMark(fault, now))} domain={domain} />
          ) : (
            <p class="hidden-lane">The demo's faults are hidden.</p>
          )}
        </div>
      )}
      <div class="lane">
        <h2>Detected</h2>
        <Lane marks={incidents.map((each) => incidentMark(each, now))} domain={domain} onSelect={onSelect} />
      </div>
      <Ticks domain={domain} />
    </section>
  );
}

interface LaneProps {
  readonly marks: readonly Mark[];
  readonly domain: Domain;
  readonly onSelect?: (id: string) => void;
}

function Lane({ marks, domain, onSelect }: LaneProps) {
  const inside = marks.filter((mark) => mark.to > domain.from && mark.from < domain.to);
  const room = useIsNarrow() ? 0.45 : 0.16;
  const roomMs = room * (domain.to - domain.from);
  const { rows, rowOf } = stack(
    inside.map((mark) => ({ ...mark, from: Math.min(mark.from, domain.to - roomMs) })),
    roomMs,
  );
  return (
    <ul class="bars" style={{ '--rows': String(Math.max(1, rows)) }}>
      {inside.map((mark) => {
        const left = share(mark.from, domain);
        const place = {
          left: `${left * 100}%`,
          width: `${Math.max(0.002, share(mark.to, domain) - left) * 100}%`,
          '--row': String(rowOf.get(mark.id) ?? 0),
        };
        return (
          <li
            key={mark.id}
            class={`bar bar-${mark.look}${left > 1 - room ? ' bar-late' : ''}`}
            style={place}
            title={mark.title}
          >
            {onSelect ? (
              <button type="button" tabIndex={-1} onClick={() => onSelect(mark.id)} aria-label={mark.title}>
                <span>{mark.label}</span>
              </button>
            ) : (
              <span>{mark.label}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}

/** On a narrow screen the same words take a larger share of the strip. */
function useIsNarrow(): boolean {
  const query = useMemo(() => matchMedia('(max-width: 560px)'), []);
  const [isNarrow, setNarrow] = useState(query.matches);
  useEffect(() => {
    const update = (): void => setNarrow(query.matches);
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, [query]);
  return isNarrow;
}

function Ticks({ domain }: { readonly domain: Domain }) {
  if (domain.to === 0) return null;
  const step = domain.to - domain.from > 30 * 60_000 ? 10 * 60_000 : 5 * 60_000;
  const ticks: number[] = [];
  for (let at = Math.ceil(domain.from / step) * step; at <= domain.to; at += step) ticks.push(at);
  return (
    <div class="ticks" aria-hidden="true">
      {ticks.map((at) => (
        <span key={at} style={{ left: `${share(at, domain) * 100}%` }}>
          {clock(at).slice(0, 5)}
        </span>
      ))}
    </div>
  );
}

function share(at: number, domain: Domain): number {
  return Math.min(1, Math.max(0, (at - domain.from) / (domain.to - domain.from)));
}

function faultMark(fault: Fault, now: number): Mark {
  const label = `${fault.service} ${fault.kind}`;
  const to = fault.endedAt ?? now;
  const title = `Injected: ${label}, from ${clock(fault.startedAt)}, ${span(to - fault.startedAt)}`;
  return { id: fault.id, from: fault.startedAt, to, label, title, look: 'injected' };
}

function incidentMark(incident: Incident, now: number): Mark {
  const to = incident.resolvedAt ?? now;
  const label = incident.services.map((name) => visible(name, 60)).join(', ');
  const title = `${incident.severity}, ${incident.status}: ${visible(incident.summary, 300)}`;
  const look = incident.status === 'suppressed' ? 'suppressed' : incident.severity;
  return { id: incident.id, from: incident.startedAt, to, label, title, look };
}
