/**
 * The incidents of a screen against the truth: whether those that it calls open are there, whether a recovery is told,
 * why one is suppressed, and what the sentence of each service claims.
 */
import { seconds, type Time } from '../../time/duration.ts';
import { type Claim, claimsOf } from './claims.ts';
import {
  type Judged,
  judgeEnd,
  judgeErrors,
  judgeGap,
  judgeOnset,
  judgeOutage,
  judgeSilence,
  judgeUsualErrors,
  judgeUsualLines,
  recoveryWithin,
} from './judge-numbers.ts';
import type { ListedIncident, Screen } from './screen.ts';
import { illnesses, isKnown, type Truth, wasIll } from './truth.ts';
import { clock, type Verdict } from './verdict.ts';

const pane = seconds(10);
/** What is told within a time of events is on the screen so much later: a pane, the lines waited for, a commit. */
const shownAfter = seconds(30);

/** Judges every incident that is listed. */
export const judgeIncidents = (truth: Truth, { incidents }: Screen, at: Time): Verdict[] =>
  incidents.flatMap((listed) => [
    ...judgeListed(truth, listed, at),
    ...listed.sentences.flatMap((sentence) => judgeSentence(truth, { sentence, at, said: listed.text })),
  ]);

/** Whether an open incident is about a fault, and a suppressed one gives its true reason. */
function judgeListed(
  truth: Truth,
  { sentences, isSuppressed, reason, text: said }: ListedIncident,
  at: Time,
): Verdict[] {
  const { service } = claimsOf(sentences[0]!, at);
  const patience = recoveryWithin + 2 * truth.settings.resolveAfter + seconds(30);
  if (isSuppressed) {
    const judged = judgeOutage(truth, { service, reason: reason ?? '', at });
    return [{ kind: 'reason of suppression', at, said, ...judged }];
  }
  const isIll = wasIll(truth, { service, from: at - patience, to: at });
  // A flood of ordinary lines need not be told; if it is, its numbers must be so.
  const isFlooded = truth.faults.some(
    (f) => f.kind === 'flood' && f.services.includes(service) && f.from <= at && at <= f.to + patience,
  );
  return [{ kind: 'open incident', at, isTrue: isIll || isFlooded, said, truth: `${service} is well` }];
}

interface Sentence {
  readonly sentence: string;
  readonly at: Time;
  /** The incident as it stands on the screen. */
  readonly said: string;
}

/** Whether what is said of one service is so, and whether its recovery is said. */
function judgeSentence(truth: Truth, { sentence, at, said }: Sentence): Verdict[] {
  const { service, claims } = claimsOf(sentence, at);
  if (!isKnown(truth, service)) {
    return [{ kind: 'text: understood', at, isTrue: false, said, truth: `no service is called ${service}` }];
  }
  const verdicts = claims.flatMap((claim) => judgeClaim(truth, { service, claim, at, said }));
  const due = at - recoveryWithin - shownAfter;
  const ended = illnesses(truth, service).filter(({ to }) => to < due);
  if (ended.length > 0 && !wasIll(truth, { service, from: due, to: at })) {
    const isTrue = claims.some(({ kind }) => kind === 'well');
    const ends = ended.map(({ to }) => clock(to)).join(', ');
    verdicts.push({ kind: 'recovery on the screen', at, isTrue, said, truth: `it ended at ${ends}` });
  }
  return verdicts;
}

interface Claimed {
  readonly service: string;
  readonly claim: Claim;
  readonly at: Time;
  readonly said: string;
}

/** What a sentence claims, each claim under a name of its own. */
function judgeClaim(truth: Truth, { service, claim, at, said }: Claimed): Verdict[] {
  const verdict = (kind: string, judged: Judged): Verdict => ({ kind, at, said, ...judged });
  switch (claim.kind) {
    case 'silence':
      return [verdict('text: no line since', judgeSilence(truth, service, { since: claim.since, at }))];
    case 'gap':
      return [verdict('text: no line from, to', judgeGap(truth, service, claim))];
    case 'usual lines':
      return [verdict('text: lines usual', judgeUsualLines(truth, service, { ...claim, at }))];
    case 'errors': {
      const { errors, window, usual, at: end } = claim;
      return [
        verdict('text: errors', judgeErrors(truth, { service, errors, window }, { from: end - pane, to: end + pane })),
        verdict('text: errors usual', judgeUsualErrors(truth, { service, usual, window, end })),
      ];
    }
    case 'since':
      return [verdict('text: since', judgeOnset(truth, service, claim.since))];
    case 'well':
      return [verdict('text: well since', judgeEnd(truth, service, claim.since))];
    case 'also':
      return claim.services.map((other) => {
        const isTrue = illnesses(truth, other).some(({ from }) => from <= at);
        return verdict('text: also', { isTrue, truth: `${other} was well` });
      });
    case 'unknown':
      return [verdict('text: understood', { isTrue: false, truth: `nothing is known of "${claim.text}"` })];
  }
}
