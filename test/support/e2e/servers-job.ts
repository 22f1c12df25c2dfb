/** A job that tests run as processes over Kafka and Redis; its neighbours give it the names of other tests. */
import { count, eventTime, job, jsonRecord, keyBy, map, minutes, seconds, to, topic, tumbling, window } from 'millrace';

/** What the test writes. */
export interface Order {
  readonly shop: string;
  readonly at: number;
}

/** Orders per shop and minute, from the topic `name` to `name-counts`. Tests take their time: the clock closes nothing. */
export const orders = (name: string) =>
  job(name, (from) => {
    from('orders', topic<Order>(name, { codec: jsonRecord() })).pipe(
      eventTime({ at: (o) => o.at, outOfOrder: seconds(1), idleAfter: minutes(10) }),
      keyBy((o) => o.shop),
      window('per-minute', tumbling(minutes(1)), count()),
      map((w) => ({ minute: w.window.start, orders: w.value })),
      to('counts', topic(`${name}-counts`)),
    );
  });

export default orders('killed');
