/** What the jobs of campaigns have in common: orders, the table of their totals, and the list of all that were seen. */
import { string } from '../../codecs/codec.ts';
import type { TableSpec } from '../../tables/tables.ts';
import type { Aggregate } from '../../windows/aggregate.ts';

export interface Order {
  readonly id: number;
  readonly shop: string;
  /** Event time, in milliseconds. */
  readonly at: number;
}

/** What is known of a shop and a window. */
export interface Total {
  readonly shop: string;
  readonly from: number;
  readonly ids: string;
}

export const totals: TableSpec = {
  name: 'totals',
  comment: 'Orders per shop and window',
  columns: {
    shop: { type: 'String', comment: 'The shop' },
    from: { type: 'Float64', comment: 'Start of the window' },
    ids: { type: 'String', comment: 'Numbers of the orders' },
  },
  identity: ['shop', 'from'],
};

/** Lists the orders it saw; merges, so that orders are folded before they change hands. */
export const listed: Aggregate<Order, string, string> = {
  name: 'ids',
  codec: string,
  create: () => '',
  add: (acc, order) => (acc === '' ? String(order.id) : `${acc} ${order.id}`),
  merge: (a, b) => (a === '' ? b : `${a} ${b}`),
  result: (acc) => acc,
};
