/**
 * Specimen clicks: of every journey one that goes well, and one for each thing that can happen to it on the way. The
 * past is made of them: how many lines a service wrote in ten seconds is a matter of how many clicks of each sort there
 * were, so that three weeks need not be written out line by line. They are made by the same walk as the traffic itself.
 * That two things happen to one click is left out.
 */
import type { Cause } from './failures.ts';
import { healthy } from './faults.ts';
import { operations } from './operations.ts';
import { Output } from './output.ts';
import { Random } from './random.ts';
import { stepsOf, Walker } from './request.ts';
import { type Call, indexOf, type Journey, journeys, type ServiceName } from './shop.ts';
import { Traces } from './traces.ts';
import { entryOf, openSites, serviceOf } from './traffic.ts';
import { Visit } from './visit.ts';

/** What happens to a click at one service; `odd` is what is unusual and no failure. */
export type Mishap = Extract<Cause, 'ordinary' | 'flap'> | 'odd' | 'hiccup';

/** One sort of click. */
export interface Specimen {
  /** Its place in `journeys`. */
  readonly journey: number;
  /** What happens at which service; undefined when all goes well. */
  readonly mishap: { readonly kind: Mishap; readonly service: ServiceName } | undefined;
  /** What the customer gets. */
  readonly status: number;
  /** The lines it leaves, with where they come from as the traffic names it. */
  readonly lines: readonly { readonly line: string; readonly source: string; readonly service: ServiceName }[];
}

/** Any time will do: lines are counted, and their times ignored. */
const at = Date.UTC(2026, 0, 5, 12);
/** A click and its last shipment are over by then. */
const overAfter = 60;

/** Every sort of click; those of one journey stand together, the one that goes well first. */
export function specimens(): readonly Specimen[] {
  return journeys.flatMap((journey, index) => [
    specimen(journey, index, undefined),
    ...callsOf(journey.root).flatMap(({ service, operation }) => {
      const { relays, oddity } = operations[`${service}.${operation}`]!;
      const kinds: Mishap[] = ['ordinary', 'flap'];
      if (oddity !== undefined) kinds.push('odd');
      if (relays !== true) kinds.push('hiccup');
      return kinds.map((kind) => specimen(journey, index, { kind, service }));
    }),
  ]);
}

const callsOf = (call: Call): readonly Call[] => [call, ...call.calls.flatMap(callsOf)];

function specimen(journey: Journey, index: number, mishap: Specimen['mishap']): Specimen {
  const random = new Random(0, `specimen ${journey.name} ${mishap?.kind} ${mishap?.service}`);
  const conditions = healthy();
  const sites = openSites(conditions, random);
  for (const { luck } of sites) luck.failures = luck.oddities = luck.hiccups = 0;
  if (mishap !== undefined) {
    const { luck } = sites[indexOf(mishap.service)]!;
    if (mishap.kind === 'odd') luck.oddities = Number.POSITIVE_INFINITY;
    else if (mishap.kind === 'hiccup') luck.hiccups = Number.POSITIVE_INFINITY;
    else Object.assign(conditions[indexOf(mishap.service)]!, { share: 1, cause: mishap.kind });
  }
  const output = new Output();
  const entry = entryOf(new Visit(random), sites);
  entry.visit.renew();
  entry.visit.locate(journey.name, journey.method);
  const status = new Walker(output, entry, new Traces()).walk(stepsOf(journey, sites), at);
  const written = { lines: [] as string[], times: [], sources: [] as string[] };
  for (let second = at / 1_000; second < at / 1_000 + overAfter; second++) output.drain(second, written);
  const lines = written.lines.map((line, i) => {
    const source = written.sources[i]!;
    return { line, source, service: serviceOf(source) };
  });
  return { journey: index, mishap, status, lines };
}
