/**
 * Names of services on their way out of lines: those that are too long were cut, and only so many words of a source
 * are believed at once to be new names. Both are told as dead letters; the lines themselves go on.
 */
import type { OpContext } from 'millrace';
import type { Joined } from '../../logs/lines/event-lines.ts';
import { admits, isToldAgain, mostOnTrial, newNames, type SourceNames } from '../../logs/lines/new-names.ts';
import { unnameService } from '../../logs/lines/source-name.ts';

/** What is kept of a source's names. */
export interface Named {
  readonly source: string;
  /** The services that words of its lines have named. */
  names?: SourceNames;
}

/** A name that was too long for a service, and what it is called instead. */
interface CutName {
  readonly service: string;
  readonly named: string;
  readonly message: string;
}

/** A word that named no service, because as many new ones of its source did. */
interface NameTurnedAway {
  readonly source: string;
  readonly named: string;
  /** The service that the line counts for. */
  readonly service: string;
  readonly most: number;
  readonly message: string;
  readonly origin: string | undefined;
}

/** Names of services that were told to be too long; then they are told again. */
const mostTold = 1_000;

/** A function that decides which service an event of a source counts for. */
export function serviceNames<T>(ctx: OpContext<T>): (event: Joined, from: Named) => void {
  const tellCut = ctx.side<CutName>('name-cut');
  const tellFull = ctx.side<NameTurnedAway>('names-full');
  const told = new Set<string>();
  return ({ log, time }, from) => {
    if (log.outerService !== undefined) {
      const { service: named, message, origin } = log;
      from.names ??= newNames();
      if (!admits(from.names, named, time)) {
        unnameService(log, from.source);
        const { service } = log;
        if (isToldAgain(from.names, time))
          tellFull({ source: from.source, named, service, most: mostOnTrial, message, origin });
      }
    }
    const { service, longService, message } = log;
    if (longService === undefined || told.has(service)) return;
    if (told.size >= mostTold) told.clear();
    told.add(service);
    tellCut({ service, named: longService, message });
  };
}
