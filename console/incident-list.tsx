/**
 * The incidents as one list box: arrow keys, Home and End move the selection, and the detail beside it follows.
 * The severity is a word and a colour, the status a heading and a word.
 */

import { useLayoutEffect, useRef } from 'preact/hooks';
import { clock, short, span, visible } from './format.ts';
import type { Incident, IncidentStatus } from './snapshot.ts';

interface Props {
  readonly incidents: readonly Incident[];
  readonly now: number;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

const headings: Readonly<Record<IncidentStatus, string>> = {
  open: 'Open',
  suppressed: 'Suppressed',
  resolved: 'Resolved',
};

export function IncidentList({ incidents, now, selected, onSelect }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const at = incidents.findIndex((incident) => incident.id === selected);
    const to = target(event.key, at, incidents.length);
    const incident = to === null ? undefined : incidents[to];
    if (!incident) return;
    event.preventDefault();
    onSelect(incident.id);
    box.current?.querySelector<HTMLElement>(`#${rowId(to!)}`)?.focus();
  };
  // An incident that is resolved moves to another group, and the browser drops the focus of what moves.
  const hadFocus = box.current?.contains(document.activeElement) ?? false;
  useLayoutEffect(() => {
    if (!hadFocus || box.current?.contains(document.activeElement)) return;
    box.current?.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  });
  const group = (status: IncidentStatus) => {
    const rows = incidents.flatMap((incident, i) => (incident.status === status ? [{ incident, i }] : []));
    if (rows.length === 0) return null;
    return (
      // biome-ignore lint/a11y/useSemanticElements: a list box's group is not a fieldset
      <div role="group" aria-labelledby={`group-${status}`} key={status}>
        <div class="group-head" id={`group-${status}`} role="presentation">
          {headings[status]} <span class="count">{rows.length}</span>
        </div>
        {rows.map(({ incident, i }) => (
          <Row
            key={incident.id}
            id={rowId(i)}
            incident={incident}
            now={now}
            isSelected={incident.id === selected}
            onSelect={onSelect}
          />
        ))}
      </div>
    );
  };
  return (
    <section class="panel incidents" aria-labelledby="incidents-title">
      <h2 id="incidents-title">Incidents</h2>
      <div ref={box} role="listbox" tabIndex={-1} aria-labelledby="incidents-title" onKeyDown={move}>
        {group('open')}
        {group('suppressed')}
        {group('resolved')}
      </div>
    </section>
  );
}

interface RowProps {
  readonly incident: Incident;
  readonly now: number;
  readonly id: string;
  readonly isSelected: boolean;
  readonly onSelect: (id: string) => void;
}

function Row({ incident, now, id, isSelected, onSelect }: RowProps) {
  const { startedAt, resolvedAt, severity, status } = incident;
  return (
    <div
      id={id}
      class={`row severity-${severity} status-${status}`}
      role="option"
      aria-selected={isSelected}
      tabIndex={isSelected ? 0 : -1}
      onClick={() => onSelect(incident.id)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === ' ') onSelect(incident.id);
      }}
    >
      <span class="severity">{severity}</span>
      <span class="row-time">
        {clock(startedAt).slice(0, 5)} · {span((resolvedAt ?? now) - startedAt)}
      </span>
      <span class="row-summary">{visible(incident.summary, 300)}</span>
      <span class="row-services">{incident.services.map((name) => visible(name, 60)).join(', ')}</span>
      <span class="row-score">score {short(incident.score)}</span>
    </div>
  );
}

function rowId(i: number): string {
  return `incident-${i}`;
}

function target(key: string, at: number, length: number): number | null {
  if (key === 'ArrowDown') return Math.min(length - 1, at + 1);
  if (key === 'ArrowUp') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? length - 1 : null;
}
