/**
 * What is known about the click that is being simulated. One object is reused for all of them: the messages read from
 * it, so that the hot path allocates nothing but text.
 */
import type { Random } from './random.ts';
import { addresses, agents, articles, assets, categories, customers, pages, terms, warehouses } from './words.ts';

export class Visit {
  readonly random: Random;
  trace = '';
  address = '';
  agent = '';
  user = '';
  article = '';
  term = '';
  order = '';
  cart = '';
  cents = 0;
  items = 1;
  path = '';
  method = 'GET';
  /** Of the call whose lines are being written: what it answered and after how long. */
  status = 200;
  ms = 0;
  /** Service that failed the one whose lines are being written, or the address that it could not reach. */
  peer = '';

  constructor(random: Random) {
    this.random = random;
  }

  /** Draws a new customer with a new trace. */
  renew(): void {
    const random = this.random;
    const a = random.next();
    const b = random.next();
    this.trace = random.hex(32);
    this.address = addresses[a % addresses.length] as string;
    this.agent = agents[(a >>> 12) % agents.length] as string;
    this.user = customers[(a >>> 16) % customers.length] as string;
    this.article = articles[(b * (b >>> 16)) % articles.length] as string;
    this.term = terms[(b >>> 8) % terms.length] as string;
    this.cents = 490 + (b % 23_000);
    this.items = 1 + ((b >>> 20) & 3);
    this.order = `ORD-${800_000 + (b % 900_000)}`;
    this.cart = `c-${(a % 0xfffff).toString(36)}`;
  }

  /** The request line of the journey `name`. */
  locate(name: string, method: string): void {
    this.method = method;
    this.path = this.#path(name);
  }

  #path(name: string): string {
    switch (name) {
      case 'asset':
        return this.random.pick(assets);
      case 'page':
        return this.random.pick(pages);
      case 'suggest':
        return `/api/suggest?q=${this.term.slice(0, 2 + this.n(6)).replaceAll(' ', '+')}`;
      case 'search':
        return `/api/search?q=${this.term.replaceAll(' ', '+')}&page=${1 + this.n(4)}`;
      case 'home':
        return `/api/products?category=${this.category()}`;
      case 'product':
        return `/api/products/${this.article}`;
      case 'cart':
        return `/api/carts/${this.cart}`;
      case 'add':
        return `/api/carts/${this.cart}/items`;
      case 'login':
        return '/api/session';
      case 'account':
        return '/api/me';
      case 'track':
        return `/api/shipments/${this.order}`;
      default:
        return '/api/orders';
    }
  }

  /** An integer of [0, `n`). */
  n(n: number): number {
    return this.random.int(n);
  }
  amount(): string {
    return (this.cents / 100).toFixed(2);
  }
  category(): string {
    return categories[this.cents % categories.length] as string;
  }
  warehouse(): string {
    return this.random.pick(warehouses);
  }
}
