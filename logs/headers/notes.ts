/**
 * What the pieces of a header are called: fields, service and ids. What a doubtful piece said is forgotten unless a
 * sure one comes behind it.
 */
import type { ParsedLog, Value } from '../parsed-log.ts';
import { rulesOf } from '../readers/roles.ts';
import { equalsCode, finite } from '../text.ts';
import { isThreadName, shapeOf } from './shapes.ts';

/** Fields in the making. State: pairs of name and value, how many there are, and how many of them are sure. */
export class HeaderNotes {
  readonly #names: string[] = [];
  readonly #values: Value[] = [];
  #count = 0;
  #sure = 0;
  /** The value of a pair whose key is one for levels, or ''. */
  level = '';

  clear(): void {
    this.#count = this.#sure = 0;
    this.level = '';
  }

  keep(): void {
    this.#sure = this.#count;
  }

  forgetDoubts(): void {
    this.#count = this.#sure;
  }

  /** Puts what is known into a log; what it has already stays. */
  into(log: ParsedLog): void {
    for (let i = 0; i < this.#count; i++) {
      const value = this.#values[i]!;
      switch (this.#names[i]!) {
        case 'service.name':
          log.service = String(value);
          break;
        case 'trace.id':
          log.trace_id = String(value);
          break;
        case 'span.id':
          log.span_id = String(value);
          break;
        default:
          log.parsed_fields[this.#names[i]!] = value;
      }
    }
  }

  add(name: string, value: Value): void {
    if (this.has(name) || value === '-' || value === '') return;
    this.#names[this.#count] = name;
    this.#values[this.#count++] = value;
  }

  has(name: string): boolean {
    for (let i = 0; i < this.#count; i++) if (this.#names[i] === name) return true;
    return false;
  }

  /** A number is the process's id, a second one the thread's. */
  number(text: string): void {
    this.add(this.has('process.pid') ? 'process.thread.id' : 'process.pid', finite(Number(text), text));
  }

  /** A logger, or a thread; `enclosed` in brackets, where threads are numbered. */
  name(text: string, enclosed: boolean): void {
    const threaded = isThreadName(text) && (enclosed || !/\d$/.test(text) || this.has('log.logger'));
    if (threaded || this.has('log.logger')) this.thread(text);
    else this.add('log.logger', text);
  }

  /** `<0.222.0>`, a process of Erlang's; false for anything else. */
  process(text: string): boolean {
    const isProcess = threeNumbers.test(text);
    if (isProcess) this.add('erlang.process.id', text);
    return isProcess;
  }

  thread(text: string): void {
    this.add('process.thread.name', text);
  }

  logger(text: string, code?: string): void {
    this.add('log.logger', text);
    if (code !== undefined) this.add('event.code', finite(Number(code), code));
  }

  program(name: string, pid: string): void {
    this.add('process.name', name);
    this.add('process.pid', finite(Number(pid), pid));
  }

  /** `cart.go` and 42, or `shop.Cart:add` and 42. */
  place(name: string, line: string): void {
    const colon = name.indexOf(':');
    if (colon > 0 && name.charAt(colon + 1) !== ':') {
      this.add('log.logger', name.slice(0, colon));
      this.add('log.origin.function', name.slice(colon + 1));
    } else this.add(isFile(name) ? 'log.origin.file.name' : 'log.logger', name);
    this.add('log.origin.file.line', finite(Number(line), line));
  }

  address(text: string): void {
    // Three numbers are a version.
    if (threeNumbers.test(text)) return;
    const colon = text.indexOf('.') < 0 ? -1 : text.lastIndexOf(':');
    this.add('source.ip', colon < 0 ? text : text.slice(0, colon));
    if (colon > 0) this.add('source.port', finite(Number(text.slice(colon + 1)), text.slice(colon + 1)));
  }

  pair(text: string): void {
    const equals = text.indexOf('=');
    const key = text.slice(0, equals);
    // `=ERROR REPORT====` of Erlang is a title.
    if (text.charCodeAt(equals + 1) === equalsCode) return;
    const value = text.slice(equals + 1).replace(/^"(.*)"$/, '$1');
    const { role, name, loose } = rules(key);
    if (role === 'level' && !loose) this.level = value;
    else if (role === 'service') this.add('service.name', value);
    else if (role === 'trace' || role === 'span') this.add(`${role}.id`, value);
    else if (role === null) this.add(name, numbers.test(value) ? finite(Number(value), value) : value);
  }

  /** Several words in brackets that are pairs, or a kind of id and the id (`pid 42`, `tid: 7`, `client 10.0.0.7`). */
  phrase(text: string): boolean {
    const words = text.split(/[ \t,;]+/, maxWords);
    if (words.every((word) => shapeOf(word, 0, word.length) === 'pair')) {
      for (const word of words) this.pair(word);
      return true;
    }
    const name = kinds[words[0]!.replace(/[:=]$/, '').toLowerCase()];
    if (words.length !== 2 || name === undefined) return false;
    if (name === 'source.ip') this.address(words[1]!);
    else this.add(name, numbers.test(words[1]!) ? finite(Number(words[1]), words[1]!) : words[1]!);
    return true;
  }

  /** Lists without blanks: `cart,<trace>,<span>` of Sleuth, `42:7` and `42#7` of a process and its thread. */
  others(text: string): boolean {
    const ids = numberedPair.exec(text);
    if (ids !== null) {
      this.number(ids[1]!);
      this.number(ids[2]!);
      return true;
    }
    const parts = text.split(',', 4);
    if (parts.length < 3) return false;
    const [service = '', trace = '', span = ''] = parts;
    if (shapeOf(trace, 0, trace.length) !== 'id' && trace !== '') return false;
    this.add('service.name', service);
    this.add('trace.id', trace);
    this.add('span.id', span);
    return true;
  }
}

const isFile = (name: string): boolean => /\.[a-z]\w{0,4}$/.test(name);

const rules = rulesOf(null);
const threeNumbers = /^\d{1,10}\.\d{1,10}\.\d{1,10}$/;
const numbers = /^\d{1,15}$/;
const numberedPair = /^#?(\d{1,10})[:#/.-](\d{1,10})$/;
const maxWords = 12;
const kinds: Readonly<Record<string, string>> = {
  __proto__: null as never,
  pid: 'process.pid',
  process: 'process.pid',
  tid: 'process.thread.id',
  thread: 'process.thread.name',
  client: 'source.ip',
  request: 'http.request.id',
  reqid: 'http.request.id',
};
