/** The dashboard as Grafana reads it, as far as the tests ask. */
import { textOf } from './files.ts';

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly datasource?: { readonly type: string; readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

export interface Target {
  readonly refId: string;
  readonly datasource: { readonly type: string; readonly uid: string };
  readonly queryType?: 'table' | 'timeseries';
  readonly format?: number;
  readonly rawSql?: string;
  readonly expr?: string;
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: string }[] };
}

export const dashboard = JSON.parse(textOf('deploy/grafana/dashboards/millrace.json')) as Dashboard;

/** What a dashboard shows: the hour before this moment, and an interval of a minute. */
export interface View {
  readonly now: number;
  readonly environment: string;
}

/** SQL as the ClickHouse data source sends it: its macros and Grafana's variables written out, nothing left over. */
export function sent(sql: string, { now, environment }: View): string {
  const moment = (ms: number) => `fromUnixTimestamp64Milli(${ms})`;
  const [from, to] = [moment(now - 3_600_000), moment(now)];
  const text = sql
    .replace(/\$__timeFilter_ms\((\w+)\)/g, (_, column: string) => `${column} >= ${from} AND ${column} <= ${to}`)
    .replace(/\$__timeInterval\((\w+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 60 second)')
    .replaceAll(`\${environment:sqlstring}`, `'${environment.replaceAll("'", "''")}'`);
  if (text.includes('$')) throw new Error(`something is not substituted: ${text}`);
  return text;
}
