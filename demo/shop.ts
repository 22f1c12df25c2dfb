/**
 * The simulated web shop: which services there are, how each writes its log, and which calls a customer's click makes.
 * Nothing here depends on time or chance. Volumes follow from the graph: suggestions are typed at every keystroke and
 * make the search busy, orders are rare and make the payment quiet, and the settlement worker says a line in 100 s.
 */

/** What a service is written in: it decides the wording of its failures. */
export type Runtime = 'nginx' | 'java' | 'python' | 'node' | 'go';

/** The layout of a log line. */
export type Format = 'ingress' | 'combined' | 'logback' | 'log4j' | 'python' | 'pino' | 'zap';

/** What the shipper puts around a line. */
export type Envelope = 'none' | 'docker' | 'fluent-bit' | 'fluent-bit-docker';

export type ServiceName =
  | 'ingress'
  | 'frontend'
  | 'gateway'
  | 'search'
  | 'catalog'
  | 'recommendation'
  | 'inventory'
  | 'cart'
  | 'user'
  | 'checkout'
  | 'payment'
  | 'shipping'
  | 'email'
  | 'settlement';

export interface Service {
  readonly name: ServiceName;
  readonly runtime: Runtime;
  readonly format: Format;
  readonly envelope: Envelope;
  readonly pods: number;
  /** Share of its requests that fail on an ordinary day. */
  readonly errorShare: number;
  /** Ordinary failures are answered with partial results: its callers do not notice. */
  readonly contained?: true;
}

const service = (name: ServiceName, how: Omit<Service, 'name'>): Service => ({ name, ...how });

/** Every service, in the order of its index. */
export const services: readonly Service[] = [
  service('ingress', { runtime: 'nginx', format: 'ingress', envelope: 'fluent-bit', pods: 2, errorShare: 0.0001 }),
  service('frontend', { runtime: 'nginx', format: 'combined', envelope: 'docker', pods: 2, errorShare: 0.0004 }),
  service('gateway', { runtime: 'go', format: 'zap', envelope: 'fluent-bit', pods: 3, errorShare: 0.0004 }),
  service('search', {
    runtime: 'python',
    format: 'python',
    envelope: 'fluent-bit',
    pods: 4,
    errorShare: 0.035,
    contained: true,
  }),
  service('catalog', { runtime: 'java', format: 'logback', envelope: 'none', pods: 3, errorShare: 0.0008 }),
  service('recommendation', { runtime: 'python', format: 'python', envelope: 'none', pods: 2, errorShare: 0.003 }),
  service('inventory', { runtime: 'java', format: 'log4j', envelope: 'docker', pods: 3, errorShare: 0.001 }),
  service('cart', { runtime: 'node', format: 'pino', envelope: 'none', pods: 3, errorShare: 0.001 }),
  service('user', { runtime: 'node', format: 'pino', envelope: 'fluent-bit-docker', pods: 2, errorShare: 0.001 }),
  service('checkout', { runtime: 'java', format: 'logback', envelope: 'fluent-bit', pods: 2, errorShare: 0.002 }),
  service('payment', { runtime: 'go', format: 'zap', envelope: 'none', pods: 2, errorShare: 0.004 }),
  service('shipping', { runtime: 'go', format: 'zap', envelope: 'fluent-bit', pods: 2, errorShare: 0.002 }),
  service('email', { runtime: 'python', format: 'python', envelope: 'fluent-bit-docker', pods: 1, errorShare: 0.004 }),
  service('settlement', { runtime: 'java', format: 'log4j', envelope: 'fluent-bit', pods: 1, errorShare: 0 }),
];

const indexes = new Map(services.map((s, i) => [s.name, i]));

/** The position of a service in `services`. */
export const indexOf = (name: ServiceName): number => indexes.get(name) as number;

/** One call of the graph and the calls that it makes in turn. `operation` names an entry of `operations`. */
export interface Call {
  readonly service: ServiceName;
  readonly operation: string;
  /** Without it the caller fails; otherwise it answers with less. */
  readonly critical: boolean;
  readonly calls: readonly Call[];
}

/** What one customer asks for: the request line and the graph below the ingress. `weight` is relative. */
export interface Journey {
  readonly name: string;
  readonly weight: number;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly root: Call;
}

const call = (service: ServiceName, operation: string, calls: readonly Call[] = []): Call => ({
  service,
  operation,
  critical: true,
  calls,
});
const optional = (c: Call): Call => ({ ...c, critical: false });

/** A journey through the API: ingress, gateway, then `calls`. */
const api = (name: string, about: Pick<Journey, 'weight' | 'method'>, calls: readonly Call[]): Journey => ({
  name,
  ...about,
  root: call('ingress', 'proxy', [call('gateway', 'route', calls)]),
});
/** A journey that the static web server answers. */
const page = (name: string, weight: number): Journey => ({
  name,
  weight,
  method: 'GET',
  root: call('ingress', 'proxy', [call('frontend', 'serve')]),
});

const priced = call('catalog', 'get');
const recommended = optional(call('recommendation', 'rank'));

/** Every journey with its share of the clicks. */
export const journeys: readonly Journey[] = [
  page('asset', 14),
  page('page', 9),
  api('suggest', { weight: 36, method: 'GET' }, [call('search', 'suggest')]),
  api('search', { weight: 7, method: 'GET' }, [call('search', 'query'), call('catalog', 'batch')]),
  api('home', { weight: 8, method: 'GET' }, [call('catalog', 'list'), recommended]),
  api('product', { weight: 13, method: 'GET' }, [priced, optional(call('inventory', 'stock')), recommended]),
  api('cart', { weight: 3, method: 'GET' }, [call('cart', 'load', [call('catalog', 'batch')])]),
  api('add', { weight: 4, method: 'POST' }, [call('cart', 'add', [call('inventory', 'stock'), priced])]),
  api('login', { weight: 3, method: 'POST' }, [call('user', 'login')]),
  api('account', { weight: 1.5, method: 'GET' }, [call('user', 'profile')]),
  api('track', { weight: 1.2, method: 'GET' }, [call('shipping', 'track')]),
  api('checkout', { weight: 2.3, method: 'POST' }, [
    call('checkout', 'place', [
      call('cart', 'load'),
      call('user', 'profile'),
      call('inventory', 'reserve'),
      call('payment', 'charge'),
      call('shipping', 'label'),
      optional(call('email', 'send')),
    ]),
  ]),
];

/** The services that call `name` directly, and those that it calls. */
export function neighbours(name: ServiceName): { readonly callers: ServiceName[]; readonly callees: ServiceName[] } {
  const callers = new Set<ServiceName>();
  const callees = new Set<ServiceName>();
  const walk = (from: Call): void => {
    for (const to of from.calls) {
      if (to.service === name) callers.add(from.service);
      if (from.service === name) callees.add(to.service);
      walk(to);
    }
  };
  for (const journey of journeys) walk(journey.root);
  return { callers: [...callers], callees: [...callees] };
}
