/**
 * What each operation of a service says when it goes well, how long it takes, and the oddities that are no fault:
 * a wrong password, a declined card, an unknown article.
 */
import type { Visit } from './visit.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** One log statement of a service's code. `text` and `fields` hold no double quotes and no backslashes. */
export interface Statement {
  readonly level: Level;
  /** Logger, module or source file, as the format has it. */
  readonly logger: string;
  readonly text: (v: Visit) => string;
  /** Further members of a JSON line, each beginning with a comma; `q` is the quote to use. */
  readonly fields?: (v: Visit, q: string) => string;
}

/** An unusual but harmless course. */
export interface Oddity {
  readonly share: number;
  readonly status: number;
  readonly says: Statement;
}

export interface Operation {
  /** Median time of its own work, in milliseconds. */
  readonly ms: number;
  readonly before: readonly Statement[];
  readonly after: readonly Statement[];
  readonly oddity?: Oddity;
  /** It answers for others: whatever happened, its last lines tell the status. */
  readonly relays?: true;
}

const statement =
  (level: Level) =>
  (logger: string, text: Statement['text'], fields?: Statement['fields']): Statement =>
    fields === undefined ? { level, logger, text } : { level, logger, text, fields };
const info = statement('info');
const debug = statement('debug');
const warn = statement('warn');

/** Web servers write one access line for each request; its text is the request itself. */
const access = info('access', () => '');

const hit = (v: Visit) => (v.ms < 6 ? 'hit' : 'miss');

/** By `service.operation`. */
export const operations: Readonly<Record<string, Operation>> = {
  'ingress.proxy': { ms: 1, relays: true, before: [], after: [access] },
  'frontend.serve': { ms: 1, relays: true, before: [], after: [access] },
  'gateway.route': {
    ms: 3,
    relays: true,
    before: [],
    after: [
      info(
        'gateway/access.go:71',
        () => 'request completed',
        (v, q) =>
          `,${q}method${q}:${q}${v.method}${q},${q}path${q}:${q}${v.path}${q}` +
          `,${q}status${q}:${v.status},${q}duration_ms${q}:${v.ms}`,
      ),
    ],
  },
  'search.suggest': {
    ms: 9,
    before: [],
    after: [info('search.suggest', (v) => `suggest prefix='${v.term.slice(0, 5)}' hits=${v.n(10)} took=${v.ms}ms`)],
  },
  'search.query': {
    ms: 34,
    before: [debug('search.query', (v) => `query '${v.term}' parsed to ${1 + v.n(4)} clauses, page ${1 + v.n(4)}`)],
    after: [info('search.query', (v) => `query '${v.term}' hits=${v.n(900)} shards=5/5 took=${v.ms}ms`)],
  },
  'catalog.list': {
    ms: 14,
    before: [],
    after: [
      info(
        'c.m.catalog.ProductController',
        (v) => `Listed ${12 + v.n(37)} products of category ${v.category()} in ${v.ms} ms`,
      ),
    ],
  },
  'catalog.get': {
    ms: 6,
    before: [],
    after: [
      info('c.m.catalog.ProductController', (v) => `Product ${v.article} served in ${v.ms} ms`),
      debug('c.m.catalog.price.PriceService', (v) => `Price of ${v.article} is ${v.amount()} EUR (cache ${hit(v)})`),
    ],
    oddity: {
      share: 0.006,
      status: 404,
      says: warn('c.m.catalog.ProductController', (v) => `Product ${v.article} not found, it may have been delisted`),
    },
  },
  'catalog.batch': {
    ms: 11,
    before: [],
    after: [info('c.m.catalog.ProductController', (v) => `Fetched ${1 + v.n(24)} products by id in ${v.ms} ms`)],
  },
  'recommendation.rank': {
    ms: 22,
    before: [],
    after: [
      info('recommender.rank', (v) => `ranked ${80 + v.n(200)} candidates for ${v.user} in ${v.ms} ms model=als-17`),
    ],
  },
  'inventory.stock': {
    ms: 5,
    before: [],
    after: [
      info(
        'StockService',
        (v) => `Stock of ${v.article} at ${v.warehouse()}: ${v.n(240)} available, ${v.n(9)} reserved`,
      ),
    ],
  },
  'inventory.reserve': {
    ms: 18,
    before: [info('ReservationService', (v) => `Reserving ${v.items} items for order ${v.order}`)],
    after: [
      info('ReservationService', (v) => `Reservation for ${v.order} at ${v.warehouse()} confirmed in ${v.ms} ms`),
    ],
  },
  'cart.load': {
    ms: 4,
    before: [],
    after: [
      info(
        'cart',
        () => 'cart loaded',
        (v, q) => `,${q}cartId${q}:${q}${v.cart}${q},${q}items${q}:${v.items},${q}responseTime${q}:${v.ms}`,
      ),
    ],
  },
  'cart.add': {
    ms: 7,
    before: [],
    after: [
      info(
        'cart',
        (v) => `added ${v.article} to cart`,
        (v, q) => `,${q}cartId${q}:${q}${v.cart}${q},${q}quantity${q}:${v.items},${q}responseTime${q}:${v.ms}`,
      ),
    ],
  },
  'user.login': {
    ms: 62,
    before: [],
    after: [
      info(
        'auth',
        (v) => `login succeeded for ${v.user}`,
        (v, q) => `,${q}ip${q}:${q}${v.address}${q}`,
      ),
    ],
    oddity: {
      share: 0.07,
      status: 401,
      says: warn(
        'auth',
        (v) => `login refused for ${v.user}: wrong password`,
        (v, q) => `,${q}ip${q}:${q}${v.address}${q}`,
      ),
    },
  },
  'user.profile': {
    ms: 5,
    before: [],
    after: [
      info(
        'profile',
        (v) => `profile of ${v.user} loaded`,
        (v, q) => `,${q}responseTime${q}:${v.ms}`,
      ),
    ],
  },
  'checkout.place': {
    ms: 24,
    before: [
      info(
        'c.m.checkout.OrderService',
        (v) => `Placing order ${v.order} for ${v.user}: ${v.items} items, ${v.amount()} EUR`,
      ),
    ],
    after: [
      info('c.m.checkout.OrderService', (v) => `Order ${v.order} confirmed in ${v.ms} ms`),
      info(
        'c.m.checkout.events.OrderPublisher',
        (v) => `Published OrderPlaced ${v.order} to orders-${v.n(6)}@${v.cents}`,
      ),
    ],
  },
  'payment.charge': {
    ms: 180,
    before: [
      info(
        'charge/handler.go:54',
        () => 'charge requested',
        (v, q) => `,${q}order${q}:${q}${v.order}${q},${q}amount${q}:${v.amount()},${q}currency${q}:${q}EUR${q}`,
      ),
    ],
    after: [
      info(
        'charge/handler.go:97',
        () => 'charge authorized',
        (v, q) => `,${q}order${q}:${q}${v.order}${q},${q}provider${q}:${q}paygrid${q},${q}duration_ms${q}:${v.ms}`,
      ),
    ],
    oddity: {
      share: 0.03,
      status: 402,
      says: warn(
        'charge/handler.go:88',
        () => 'charge declined by issuer',
        (v, q) => `,${q}order${q}:${q}${v.order}${q},${q}reason${q}:${q}insufficient_funds${q}`,
      ),
    },
  },
  'shipping.track': {
    ms: 12,
    before: [],
    after: [
      info(
        'track/track.go:33',
        () => 'shipment found',
        (v, q) => `,${q}order${q}:${q}${v.order}${q}`,
      ),
    ],
  },
  'shipping.label': {
    ms: 45,
    before: [],
    after: [
      info(
        'label/label.go:61',
        (v) => `label created from ${v.warehouse()}`,
        (v, q) => `,${q}order${q}:${q}${v.order}${q},${q}parcels${q}:${1 + (v.items >> 1)},${q}duration_ms${q}:${v.ms}`,
      ),
    ],
  },
  'email.send': {
    ms: 90,
    before: [],
    after: [
      info('mailer.smtp', (v) => `sent order-confirmation for ${v.order} to ${v.user}@mail.invalid in ${v.ms} ms`),
    ],
  },
};
