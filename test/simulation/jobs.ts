/** The jobs that are killed, one for each way of committing, and what they read. */
import { float64 } from '../../codecs/codec.ts';
import { text } from '../../connectors/records/record-codec.ts';
import { table } from '../../connectors/table.ts';
import { topic } from '../../connectors/topic.ts';
import { job } from '../../graph/job.ts';
import { eventTime } from '../../operators/event-time.ts';
import { keyBy } from '../../operators/key-by.ts';
import { map } from '../../operators/map.ts';
import { scan } from '../../operators/scan.ts';
import { to } from '../../operators/to.ts';
import { window } from '../../operators/window.ts';
import type { TableSpec } from '../../tables/tables.ts';
import { seconds } from '../../time/duration.ts';
import type { TopicRecord, Topics } from '../../topics/topics.ts';
import { tumbling } from '../../windows/assigner.ts';
import { listed, type Order, type Total, totals } from '../support/listed-orders.ts';

/** When the world begins; the orders lie before it. */
export const start = Date.UTC(2024, 5, 5, 12);

/** What is known of a shop and a window, with the shop's orders up to here. */
interface Counted extends Total {
  readonly sofar: number;
}

const counts: TableSpec = {
  ...totals,
  columns: { ...totals.columns, sofar: { type: 'Float64', comment: 'Orders of the shop up to here' } },
};

/** With state: windows and a running count by key, to a topic and a table. */
export const shops = job('shops', (from) => {
  const counted = from('orders', topic<Order>('orders')).pipe(
    eventTime({ at: (o) => o.at, outOfOrder: seconds(1), idleAfter: seconds(2) }),
    keyBy((o) => o.shop),
    window('window', tumbling(seconds(2)), listed),
    scan('sofar', { codec: float64 }, (before, { window: w, value }, shop): readonly [number, Counted] => {
      const sofar = (before ?? 0) + value.split(' ').length;
      return [sofar, { shop: String(shop), from: w.start, ids: value, sofar }];
    }),
  );
  counted.pipe(to('alerts', topic('alerts')));
  counted.pipe(to('totals', table<Counted>(counts, { row: (t) => ({ ...t }) })));
});

/** Without state, from topic to topic. */
export const relay = job('relay', (from) => {
  from('orders', topic<Order>('orders')).pipe(
    map((o) => ({ id: o.id })),
    to('relayed', topic('relayed', { key: (o: { readonly id: number }) => o.id })),
  );
});

const archived: TableSpec = {
  name: 'archived',
  comment: 'Orders as they came',
  columns: { id: { type: 'Float64', comment: 'Its number' }, shop: { type: 'String', comment: 'The shop' } },
  identity: ['id'],
};

/** Without state, from topic to table. */
export const archive = job('archive', (from) => {
  from('orders', topic<Order>('orders')).pipe(
    to('archived', table<Order>(archived, { row: ({ id, shop }) => ({ id, shop }) })),
  );
});

/** The n-th order. They lie in two partitions, 300 ms apart; one in thirty is late, one in thirty is no order. */
export function order(id: number): TopicRecord {
  const at = start - 10_000 + id * 300 - (id % 30 === 21 ? 6_800 : 0);
  const value = id % 30 === 16 ? '{' : JSON.stringify({ id, shop: `shop-${(id * 7) % 3}`, at } satisfies Order);
  return { topic: 'orders', partition: id % 2, key: null, value: text.encode(value), timestamp: start };
}

/** Makes the topics and puts thirty orders into them. */
export async function fill(topics: Topics): Promise<void> {
  await topics.create({ name: 'orders', partitions: 2 });
  await topics.create({ name: 'alerts', partitions: 2 });
  await topics.append(Array.from({ length: 30 }, (_, id) => order(id)));
}
