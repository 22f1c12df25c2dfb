/** Services from their panes to the events of their incidents, as the incident job takes them there. */

import type { IncidentEvent } from '../../../incidents/incident.ts';
import { incidentDefaults } from '../../../incidents/settings.ts';
import { type Pane, paneMs } from '../../../signals/panes.ts';
import type { Time } from '../../../time/duration.ts';
import { environment } from './environment-of.ts';
import { morning, watched } from './panes-of.ts';

/** What each service writes in pane `i`, by its name. */
export type Story = Readonly<Record<string, (i: number) => Pane>>;

/** The events of `panes` panes; each carries `at`, the pane after which it was sent. */
export function eventsOf(story: Story, panes: number): (IncidentEvent & { readonly at: number })[] {
  const services = Object.entries(story).map(([name, make]) => ({
    make,
    service: watched(name, morning, incidentDefaults),
  }));
  const shop = environment();
  const events: (IncidentEvent & { readonly at: number })[] = [];
  for (let i = 0; i < panes; i++) {
    const signals = services.map(({ make, service }) => service.show(1, () => make(i))[0]!);
    for (const event of shop.show(i, i + 1, () => signals)) events.push({ ...event, at: i });
  }
  return events;
}

/** The start of pane `i`. */
export const timeAt = (i: number): Time => morning + i * paneMs;
/** A pane that came through the given file. */
export const through = (origin: string, pane: Pane): Pane => ({ ...pane, origins: [origin] });
