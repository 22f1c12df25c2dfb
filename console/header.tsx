/** What runs: the phase and its progress, events a second, how far event time is, and how far behind. */

import type { ComponentChildren } from 'preact';
import type { Link } from './connect.ts';
import { clock, day, full, short, span } from './format.ts';
import { quietNote } from './reading.ts';
import type { Phase, Snapshot } from './snapshot.ts';
import { Sparkline } from './sparkline.tsx';

export function Header({ snapshot, link }: { readonly snapshot: Snapshot; readonly link: Link }) {
  const { now, throughput, graph, linesTotal, reading } = snapshot;
  const quiet = quietNote(reading);
  const lags = graph.flatMap((node) => node.lagS ?? []);
  const lag = lags.length === 0 ? '–' : span(Math.max(...lags) * 1000);
  return (
    <header class="top">
      <h1>
        <img src="./icon.svg" alt="" width="24" height="24" />
        millrace
      </h1>
      <PhaseBadge phase={snapshot.phase} link={link} />
      <dl class="facts">
        <Fact label="Events a second">
          <span class="number">{short(throughput.perSecond.at(-1) ?? 0)}</span>
          <Sparkline values={throughput.perSecond} label="Events a second over the last five minutes" />
        </Fact>
        <Fact label="Lines read">
          <span class="number" title={full(linesTotal)}>
            {short(linesTotal)}
          </span>
          {quiet !== null && <span class="unit">{quiet}</span>}
        </Fact>
        <Fact label="Set aside">
          <span class="number" title={full(reading.dead)}>
            {short(reading.dead)}
          </span>
          {reading.late > 0 && <span class="unit">{short(reading.late)} too late</span>}
        </Fact>
        <Fact label={now === 0 ? 'Watermark' : `Watermark, ${day(now)}`}>
          <time class="number" dateTime={new Date(now).toISOString()}>
            {now === 0 ? '–' : clock(now)}
          </time>
          <span class="unit">UTC</span>
        </Fact>
        <Fact label="Largest lag">
          <span class="number">{lag}</span>
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function PhaseBadge({ phase, link }: { readonly phase: Phase; readonly link: Link }) {
  if (link === 'lost') return <p class="phase lost">Connection lost, trying again …</p>;
  if (phase.kind === 'live') {
    return (
      <p class="phase live">
        <span class="dot" aria-hidden="true" />
        Live
      </p>
    );
  }
  if (phase.kind === 'ended') return <p class="phase">Ended: everything is read</p>;
  const share = phase.total > 0 ? Math.min(1, phase.done / phase.total) : 0;
  return (
    <p class="phase history">
      <label for="history">Reading history</label>
      <progress id="history" max={1} value={share} />
      <span class="share">{Math.floor(share * 100)} %</span>
      <span class="unit">
        {short(phase.done)} of {short(phase.total)} {phase.unit ?? 'lines'}
      </span>
    </p>
  );
}
