/**
 * Everything that is known of one incident, in the order of the questions of the first minute: since when, why it
 * fired, what changed before, where it comes from, what the logs say. Log text goes into text nodes and nowhere else.
 */

import type { ComponentChildren } from 'preact';
import { clock, day, ratio, short, span, visible } from './format.ts';
import type { Deploy, Evidence, Incident, RootCause, Service } from './snapshot.ts';

interface Props {
  readonly incident: Incident | null;
  readonly now: number;
  readonly services: readonly Service[];
}

export function IncidentDetail({ incident, now, services }: Props) {
  if (incident === null) return <Calm services={services} />;
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
          <Stamp label="Lasts for" text={span(now - startedAt)} note={`score ${short(incident.score)}`} />
        ) : (
          <Stamp label="Resolved" at={resolvedAt} note={`after ${span(resolvedAt - startedAt)}`} />
        )}
      </dl>
      <Part title={status === 'suppressed' ? 'Why it was suppressed' : 'Why it fired'}>
        {incident.reason !== null && <p class="reason">{visible(incident.reason)}</p>}
        {incident.evidence.length > 0 && <EvidenceTable evidence={incident.evidence} />}
      </Part>
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
      {incident.samples.length > 0 && (
        <Part title="Log lines">
          <Samples samples={incident.samples} />
        </Part>
      )}
    </article>
  );
}

function Calm({ services }: { readonly services: readonly Service[] }) {
  const learning = services.filter((service) => service.learning).length;
  return (
    <section class="panel detail" aria-label="Incident">
      <p class="empty">
        {services.length} services are watched
        {learning > 0 && `; ${learning} of them are still being learned, so only strong signals count there`}.
      </p>
    </section>
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
          <th scope="col">Signal</th>
          <th scope="col">Expected</th>
          <th scope="col">Observed</th>
          <th scope="col">Ratio</th>
        </tr>
      </thead>
      <tbody>
        {evidence.map((each) => (
          <tr key={`${each.service} ${each.signal}`}>
            <th scope="row">
              <span class="of-service">{visible(each.service, 60)}</span>
              <span class="note">
                {visible(each.signal, 200)} in {span(each.windowMs)}
              </span>
            </th>
            <td>{short(each.expected)}</td>
            <td class="observed">{short(each.observed)}</td>
            <td>{ratio(each.observed, each.expected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
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
          <span class="of-service">{visible(deploy.service, 60)}</span> <code>{visible(deploy.version, 60)}</code> by{' '}
          {visible(deploy.author, 60)}
          <span class="note">
            {clock(deploy.at)}, {span(onset - deploy.at)} {deploy.at <= onset ? 'before' : 'after'} onset
          </span>
        </li>
      ))}
    </ul>
  );
}

function Samples({ samples }: { readonly samples: readonly string[] }) {
  return (
    <ul class="samples">
      {samples.map((line, i) => (
        <li key={i}>
          <code>{visible(line)}</code>
        </li>
      ))}
    </ul>
  );
}
