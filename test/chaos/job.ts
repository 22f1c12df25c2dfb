/**
 * The job of the chaos campaign, and its input. Three stages: orders are read, folded by shop and sent;
 * windows in Redis become alerts in a topic and rows in two tables; one task sees all totals and numbers them. Every
 * order's number comes out again, so that a checker can say of each one where it is missing or stands twice.
 */
import { string } from '../../codecs/codec.ts';
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
import { hours, seconds } from '../../time/duration.ts';
import type { TopicRecord } from '../../topics/topics.ts';
import { tumbling } from '../../windows/assigner.ts';
import type { Windowed } from '../../windows/window.ts';
import { listed, type Order, type Total, totals } from '../support/listed-orders.ts';

export const partitions = 4;
const shops = 12;
export const size = seconds(4);
const start = Date.UTC(2024, 0, 1);
/** An order every so many milliseconds of event time. */
const step = 10;
/** One order in so many makes an operator throw. */
const poisoned = 499;

/** The same again; the campaign lets it forget its tokens at once, so that only the rows' identity protects it. */
export const forgetful: TableSpec = { ...totals, name: 'forgetful' };

function refusePoison(order: Order): Order {
  if (isPoisonous(order.id)) throw new Error(`order ${order.id} is poisonous`);
  return order;
}

export const chaos = job('chaos', (from) => {
  const found = from('orders', topic<Order>('orders')).pipe(
    eventTime({ at: (order) => order.at, outOfOrder: seconds(2), idleAfter: hours(20) }),
    map(refusePoison),
    keyBy((order) => order.shop),
    window('window', tumbling(size), listed),
    map((w: Windowed<string>): Omit<Total, 'shop'> => ({ from: w.window.start, ids: w.value })),
    scan('named', { codec: string }, (_, total, shop): readonly [string, Total] => [
      '',
      { shop: String(shop), ...total },
    ]),
  );
  found.pipe(to('alerts', topic<Total>('alerts')));
  found.pipe(to('totals', table<Total>(totals, { row: (total) => ({ ...total }) })));
  found.pipe(to('forgetful', table<Total>(forgetful, { row: (total) => ({ ...total }) })));
  found.pipe(
    keyBy(() => 'everything'),
    scan('last', { codec: string }, (_, total: Total) => [total.shop, total]),
    to('all', topic<Total>('all')),
  );
});

/** Another job under the same name, which lacks an operator whose state is in the store: it must be refused. */
export const impostor = job('chaos', (from) => {
  from('orders', topic<Order>('orders')).pipe(
    eventTime({ at: (order) => order.at, outOfOrder: seconds(2), idleAfter: hours(20) }),
    keyBy((order) => order.shop),
    window('window', tumbling(size), listed),
    to('alerts', topic('alerts')),
  );
});

export const jobs = { chaos, impostor } as const;

export const isPoisonous = (id: number): boolean => id % poisoned === 7;

export const windowOf = (at: number): number => Math.floor(at / size) * size;

/** Order `id` as a record. */
export function orderRecord(id: number): TopicRecord {
  const order: Order = { id, shop: `shop-${(id * 7) % shops}`, at: start + id * step };
  return recordOf(order, id % partitions);
}

/** Orders so late that they close every window of the first `count`, one in each partition. */
export function closingRecords(count: number): readonly TopicRecord[] {
  const at = start + count * step + hours(1);
  return Array.from({ length: partitions }, (_, p) => recordOf({ id: -1 - p, shop: 'closing', at }, p));
}

function recordOf(order: Order, partition: number): TopicRecord {
  return { topic: 'orders', partition, key: null, value: Buffer.from(JSON.stringify(order)), timestamp: order.at };
}
