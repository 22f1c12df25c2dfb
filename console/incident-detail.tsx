/**
 * Everything that is known of one incident, in the order of the questions of the first minute: since when, why it
 * fired, what changed before, where it comes from, what the logs say. Log text goes into text nodes and nowhere else.
 */

import { type ComponentChildren, Fragment } from 'preact';
import { clock, day, power, ratio, short, span, visible } from './format.ts';
import type { Deploy, Evidence, Incident, RootCause, Template } from './snapshot.ts';

interface Props {
  readonly incident: Incident;
  readonly now: number;
}

export function IncidentDetail({ incident, now }: Props) {
  const { startedAt, detectedAt, resolvedAt, severity, status } = incident;
  return (
    <article class={`panel detail severity-${severity} status-${status}`} aria-labelledby="detail-title">
      <p class="eyebrow">
        <span class="severity">{severity}</span> <span class="status">{status}</span>{' '}
        <span class="id">{visible(incident.id, 80)}</span>
      </p>
      <h2 id="detail-title">{visible(incident.summary, 600)}</h2>
      <dl class="stamps">
        <Stamp label="Onset" at={startedAt} note={day(startedAt)} />
        <Stamp label="Detected" at={detectedAt} note={`${span(detectedAt - startedAt)} later`} />
        {resolvedAt === undefined ? (
          <Stamp label="Ongoing for" text={span(now - startedAt)} note={`score ${short(incident.score)}`} />
        ) : (
          <Stamp label="Resolved" at={resolvedAt} note={`after ${span(resolvedAt - startedAt)}`} />
        )}
      </dl>
      {incident.reason !== null && (
        <Part title={status === 'suppressed' ? 'Why it was suppressed' : 'Why it was decided'}>
          <p class="reason">{visible(incident.reason)}</p>
        </Part>
      )}
      {incident.evidence.length > 0 && (
        <Part title="What was seen">
          <EvidenceTable evidence={incident.evidence} />
        </Part>
      )}
      {incident.rootCauses.length > 0 && (
        <Part title="Probable root cause">
          <RootCauses causes={incident.rootCauses} />
        </Part>
      )}
      {incident.deploys.length > 0 && (
        <Part title="Changed shortly before">
          <Deploys deploys={incident.deploys} onset={startedAt} />
        </Part>
      )}
      {incident.templates.length > 0 && (
        <Part title="Kinds of lines">
          <Templates templates={incident.templates} />
        </Part>
      )}
      {incident.samples.length > 0 && (
        <Part title="Log lines">
          <Samples samples={incident.samples} />
        </Part>
      )}
    </article>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section class="part">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

type StampProps = { readonly label: string; readonly note: string } & (
  | { readonly at: number }
  | { readonly text: string }
);

function Stamp(props: StampProps) {
  return (
    <div class="stamp">
      <dt>{props.label}</dt>
      <dd>
        {'at' in props ? <time dateTime={new Date(props.at).toISOString()}>{clock(props.at)}</time> : props.text}
        <span class="note">{props.note}</span>
      </dd>
    </div>
  );
}

function EvidenceTable({ evidence }: { readonly evidence: readonly Evidence[] }) {
  return (
    <table class="evidence">
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Expected</th>
          <th scope="col">Observed</th>
          <th scope="col">Ratio</th>
        </tr>
      </thead>
      <tbody>
        {evidence.map((each) => (
          <Fragment key={`${each.service} ${each.signal}`}>
            <Numbers title={visible(each.service, 60)} of={each} />
            <Note text={noteOn(each)} />
            {each.peak !== undefined && (
              <>
                <Numbers title="at the peak" of={each.peak} />
                <Note text={`${clock(each.peak.at)}, ${counted(each.peak)}`} />
              </>
            )}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}

function Numbers({ title, of }: { readonly title: string; readonly of: Pick<Evidence, 'expected' | 'observed'> }) {
  return (
    <tr>
      <th scope="row" class="of-service">
        {title}
      </th>
      <td>{short(of.expected)}</td>
      <td class="observed">{short(of.observed)}</td>
      <td>{ratio(of.observed, of.expected)}</td>
    </tr>
  );
}

function Note({ text }: { readonly text: string }) {
  return (
    <tr class="note">
      <td colSpan={4}>{text}</td>
    </tr>
  );
}

const counted = ({ signal, windowMs }: Pick<Evidence, 'signal' | 'windowMs'>): string =>
  `${visible(signal, 200)} in ${span(windowMs)}`;

function noteOn(evidence: Evidence): string {
  const { onset, wellSince, peak, log10P } = evidence;
  const parts = [`${peak === undefined ? '' : 'now '}${counted(evidence)}`];
  if (onset !== undefined) parts.push(`since ${clock(onset)}`);
  if (wellSince !== undefined) parts.push(`well since ${clock(wellSince)}`);
  if (log10P !== undefined) parts.push(`p ≤ ${power(log10P)}`);
  return parts.join(', ');
}

function RootCauses({ causes }: { readonly causes: readonly RootCause[] }) {
  return (
    <ol class="causes">
      {causes.map((cause) => {
        const percent = `${Math.round(cause.confidence * 100)} %`;
        return (
          <li key={cause.service}>
            <span class="of-service">{visible(cause.service, 60)}</span>
            <meter min={0} max={1} value={cause.confidence} aria-label={`Confidence ${percent}`} />
            <span class="percent">{percent}</span>
            <ul class="reasons">
              {cause.reasons.map((reason) => (
                <li key={reason}>{visible(reason, 600)}</li>
              ))}
            </ul>
          </li>
        );
      })}
    </ol>
  );
}

function Deploys({ deploys, onset }: { readonly deploys: readonly Deploy[]; readonly onset: number }) {
  return (
    <ul class="deploys">
      {deploys.map((deploy) => (
        <li key={`${deploy.service} ${deploy.version} ${deploy.at}`}>
          <span class="of-service">{visible(deploy.service, 60)}</span> {visible(deploy.kind ?? '', 40)}{' '}
          <code>{visible(deploy.version, 60)}</code> by {visible(deploy.author, 60)}
          <span class="note">
            {clock(deploy.at)}, {span(onset - deploy.at)} {deploy.at <= onset ? 'before' : 'after'} onset
          </span>
        </li>
      ))}
    </ul>
  );
}

function Templates({ templates }: { readonly templates: readonly Template[] }) {
  return (
    <ul class="templates">
      {templates.map((template) => (
        <li key={`${template.service} ${template.kind} ${template.text}`} class={template.kind}>
          <span class="kind">{template.kind}</span> <span class="of-service">{visible(template.service, 60)}</span>
          <span class="note">{noteOnTemplate(template)}</span>
          <code title={visible(template.sample, 1000)}>{visible(template.text, 600)}</code>
        </li>
      ))}
    </ul>
  );
}

function noteOnTemplate({ kind, since, observed, expected }: Template): string {
  if (kind === 'new') return `never seen before ${clock(since)}`;
  if (kind === 'missing') return `last seen ${clock(since)}, ${short(expected)} lines expected since`;
  return `${short(observed)} instead of ${short(expected)} in the minute from ${clock(since)}`;
}

function Samples({ samples }: { readonly samples: readonly string[] }) {
  return (
    <ul class="samples">
      {samples.map((line, i) => (
        <li key={i}>
          <code>{visible(line, 1000)}</code>
        </li>
      ))}
    </ul>
  );
}
