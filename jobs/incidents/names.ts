/**
 * Names of services on their way out of lines: those that are too long were cut, and only so many new ones are believed
 * at once, few of a source where words of the text name them, more of an origin however they are named. Both are told
 * as dead letters; the lines themselves go on, for the service of what is around them.
 */
import { json, type OpContext, type Time } from 'millrace';
import type { Joined } from '../../logs/lines/event-lines.ts';
import { type NamedServices, newNamed, settleService } from '../../logs/lines/main-service.ts';
import {
  countAway,
  NameAdmission,
  newNames,
  originBounds,
  type SourceNames,
  wordBounds,
} from '../../logs/lines/new-names.ts';
import { boundedName, nameAfter, serviceOfSource, unnameService } from '../../logs/lines/source-name.ts';
import type { ParsedLog } from '../../logs/parsed-log.ts';
import { intact } from './stored.ts';

/** What is kept of a source's names. */
export interface Named {
  readonly source: string;
  /** The services that words of its lines have named. */
  names?: SourceNames;
  /** What its events name, for those that name none. */
  named?: NamedServices;
}

/** A name that was too long for a service, and what it is called instead. */
interface CutName {
  readonly service: string;
  readonly named: string;
  readonly message: string;
}

/** A name that is none of a service, because as many new ones of its source or origin are. */
interface NameTurnedAway {
  readonly source: string;
  readonly named: string;
  /** The service that the line counts for. */
  readonly service: string;
  readonly most: number;
  /** Lines whose names were turned away since that was last told, this one included. */
  readonly lines: number;
  readonly message: string;
  readonly origin: string | undefined;
}

/** Decides which services events count for. */
export interface ServiceNames {
  /** Gives an event of a source its service. */
  settle(event: Joined, from: Named): void;
  /** Forgets the names of the origin whose key is current. */
  forget(): void;
}

/** Names of services that were told to be too long; then they are told again. */
const mostTold = 1_000;

/** What decides which services events count for; the stream is keyed by origin. */
export function serviceNames<T>(ctx: OpContext<T>): ServiceNames {
  const ofOrigin = ctx.value<SourceNames>('names', json(), { intact });
  const tellCut = ctx.side<CutName>('name-cut');
  const tellFull = ctx.side<NameTurnedAway>('names-full');
  const words = new NameAdmission(wordBounds);
  const all = new NameAdmission(originBounds);
  const told = new Set<string>();
  const admits = (name: string, time: Time): boolean => {
    const names = ofOrigin.get() ?? newNames();
    const isAdmitted = all.admits(names, name, time);
    if (all.changed) ofOrigin.set(names);
    return isAdmitted;
  };
  const turnAway = (names: SourceNames, { named, log, source, most, time }: Away) => {
    const lines = countAway(names, time);
    const { service, message, origin } = log;
    if (lines > 0) tellFull({ source, named, service, most, lines, message, origin });
  };
  return {
    settle({ log, time }, from) {
      const { source } = from;
      if (log.outerService !== undefined) {
        const named = log.service;
        from.names ??= newNames();
        if (!words.admits(from.names, named, time)) {
          unnameService(log, source);
          turnAway(from.names, { named, log, source, most: wordBounds.onTrial, time });
        }
      }
      const named = log.service;
      if (!admits(named, time)) {
        const [, origin] = ctx.key as readonly [split: string, origin: string];
        fallBack(log, { source, origin }, (name) => admits(name, time));
        const names = ofOrigin.get()!;
        if (log.service !== named) turnAway(names, { named, log, source, most: originBounds.onTrial, time });
        ofOrigin.set(names);
      }
      from.named ??= newNamed();
      settleService(from.named, log, log.service !== boundedName(serviceOfSource(source)));
      const { service, longService, message } = log;
      if (longService === undefined || told.has(service)) return;
      if (told.size >= mostTold) told.clear();
      told.add(service);
      tellCut({ service, named: longService, message });
    },
    forget: () => ofOrigin.clear(),
  };
}

interface Away {
  readonly named: string;
  readonly log: ParsedLog;
  readonly source: string;
  readonly most: number;
  readonly time: Time;
}

/** Gives a log whose service is none that of what is around it: the envelope, the source, and at last the origin. */
function fallBack(
  log: ParsedLog,
  { source, origin }: { readonly source: string; readonly origin: string },
  admits: (name: string) => boolean,
): void {
  if (log.outerService !== undefined) {
    unnameService(log, source);
    if (admits(log.service)) return;
  }
  // What carries a container is around it; of a pod its shipper says the service.
  if (source !== origin && !source.startsWith(`${origin}/`)) {
    nameAfter(log, source);
    if (admits(log.service)) return;
  }
  nameAfter(log, origin);
}
