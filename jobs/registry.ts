/**
 * Every table and topic of the jobs in this folder. Each is described beside the thing it holds; here is only the list,
 * with the sentence that each gives of itself. The runtime's own tables are `ledger` and `dead_letters`.
 */
import type { TableSpec } from 'millrace';
import { decisionsTable } from '../decisions/decision.ts';
import { suppressionsTable } from '../decisions/suppression.ts';
import { incidentTopic } from '../incidents/cloud-event.ts';
import { incidentWindowsTable } from '../incidents/evidence.ts';
import { incidentsTable } from '../incidents/incident-table.ts';
import { logs } from '../logs/archive-table.ts';
import { changesTable } from '../signals/changes.ts';
import { alertInput, changeInput, metricInput, spanInput } from '../signals/inputs/kinds.ts';
import { serviceWindowsTable } from '../signals/signal.ts';
import { templatesTable } from '../signals/template-table.ts';
import { logTopic } from './shipped-lines.ts';

/** The tables that jobs write, in the order in which data flow. */
export const tables: readonly TableSpec[] = [
  logs,
  serviceWindowsTable.spec,
  templatesTable.spec,
  changesTable.spec,
  decisionsTable.spec,
  suppressionsTable.spec,
  incidentWindowsTable.spec,
  incidentsTable.spec,
];

/** The topics that jobs read or write. */
export const topics: readonly { readonly name: string; readonly comment: string }[] = [
  logTopic,
  changeInput,
  spanInput,
  metricInput,
  alertInput,
  incidentTopic,
];
