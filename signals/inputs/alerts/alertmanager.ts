/**
 * Alertmanager's webhook, version 4, Grafana's, which has its shape, and an alert of Alertmanager's API, v2. An alert
 * is over when its status says so, or when its end has come; while it fires the end is of the year 1, or to come.
 */
import type { Intake } from '../intake.ts';
import { type Bag, bagOf, firstText, isBag, listIn, timeOfText } from '../values.ts';
import { type Alert, isOver, stateIn, takeAlert } from './alert.ts';
import type { AlertShape } from './shape.ts';

/** A group of alerts. */
export const alertmanager: AlertShape = {
  name: 'Alertmanager',
  fits: (bag) => Array.isArray(bag['alerts']) && bag['status'] !== undefined,
  read: (bag, intake) => {
    const isGrafana = bag['orgId'] !== undefined || bag['state'] !== undefined;
    const list = listIn(bag, 'alerts', intake);
    if (list.length === 0) intake.passed++;
    for (const each of list) {
      if (isBag(each)) readAlert(each, { source: isGrafana ? 'other' : 'alertmanager', group: bag['status'] }, intake);
      else intake.wrong('alerts', each, 'an object');
    }
  },
};

/** An alert as Prometheus sends it to Alertmanager, and as Alertmanager lists it. */
export const alertmanagerAlert: AlertShape = {
  name: 'Alertmanager API',
  fits: (bag) => isBag(bag['labels']) && bag['startsAt'] !== undefined,
  read: (bag, intake) => readAlert(bag, { source: 'alertmanager', group: undefined }, intake),
};

function readAlert(
  alert: Bag,
  { source, group }: { readonly source: Alert['source']; readonly group: unknown },
  intake: Intake<Alert>,
): void {
  const { startsAt, endsAt, labels = {}, annotations = {} } = alert;
  if (!isBag(labels)) return intake.wrong('labels', labels, 'an object');
  const status = isBag(alert['status']) ? alert['status']['state'] : alert['status'];
  const state = stateIn(status) ?? stateIn(group);
  const end = timeOfText(endsAt);
  const isEnded = state === 'resolved' || (status === undefined && isOver(endsAt, end, intake.now));
  const began = timeOfText(startsAt);
  takeAlert(
    {
      name: labels['alertname'] ?? labels['rule'] ?? labels['name'],
      ...{ began, written: startsAt, source, severity: labels['severity'] ?? labels['level'] ?? labels['priority'] },
      over: isEnded ? (Number.isNaN(end) ? intake.now : end) : null,
      labels: [labels, notesOf(bagOf(annotations))],
      fingerprint: firstText(alert['fingerprint']),
    },
    intake,
  );
}

function notesOf(annotations: Bag): Bag {
  return { summary: annotations['summary'], detail: annotations['description'] ?? annotations['message'] };
}
