/**
 * One connection to one broker: TCP or TLS, and requests matched to responses by their correlation id.
 * Every request has a time limit; when one passes, the connection is closed, since nothing behind it can be trusted.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { MillraceError, reasonOf } from '../../errors.ts';
import { within } from '../../time/clock.ts';
import { login } from './login.ts';
import type { KafkaSettings } from './options.ts';
import { type Api, apiVersions, encodeRequest } from './protocol/api.ts';
import { code, nameOf } from './protocol/codes.ts';
import { WireReader } from './protocol/reader.ts';
import { socketOptions, tlsRefusal } from './tls.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

interface Pending {
  resolve(response: Buffer): void;
  reject(error: Error): void;
}

/** A response larger than this is taken for bytes of another protocol. */
const frameLimit = 256 * 1024 * 1024;
const pendingLimit = 256;

export class Connection {
  readonly address: string;
  readonly #settings: KafkaSettings;
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #frames: FrameReader;
  #versions: ReadonlyMap<number, readonly [number, number]> = new Map();
  #nextId = 0;
  #failure: Error | undefined;

  /** Connects, asks what is spoken, logs in. Errors: KAFKA_UNREACHABLE, …_UNTRUSTED, …_REFUSED, …_UNSUPPORTED. */
  static async open(address: Address, settings: KafkaSettings): Promise<Connection> {
    const connection = new Connection(address, settings);
    try {
      await connection.#greet();
    } catch (error) {
      connection.close();
      throw error;
    }
    return connection;
  }

  private constructor(address: Address, settings: KafkaSettings) {
    this.address = `${address.host}:${address.port}`;
    this.#settings = settings;
    this.#frames = new FrameReader((frame) => this.#receive(frame));
    this.#socket = this.#dial(address);
    this.#socket.on('error', (error) => {
      const { tls } = this.#settings;
      this.#fail((tls && tlsRefusal(this.address, this.#socket as TLSSocket, error)) || error.message);
    });
    this.#socket.on('close', () => this.#fail('it closed the connection'));
    this.#socket.setNoDelay(true);
  }

  get closed(): boolean {
    return this.#failure !== undefined;
  }

  /** Errors: KAFKA_UNREACHABLE, KAFKA_UNSUPPORTED. */
  async request<Request, Response>(api: Api<Request, Response>, request: Request): Promise<Response> {
    const version = this.#versionOf(api);
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#pending.size >= pendingLimit) throw this.#unreachable(`${pendingLimit} requests wait for it`);
    const id = this.#nextId++;
    const answered = new Promise<Buffer>((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    this.#socket.write(encodeRequest(api, request, { version, id, clientId: this.#settings.clientId }));
    const { clock, timeoutMs: ms } = this.#settings;
    const late = (): never => {
      throw this.#fail(`${api.name} took longer than ${ms} ms`);
    };
    const frame = await within(answered, { clock, ms, late });
    const from = new WireReader(frame, 4);
    // The header of these two has no tagged fields, so that they can be read before versions are known.
    if (!api.rigid && api !== (apiVersions as unknown)) from.tags();
    try {
      return api.read(from, version);
    } catch (error) {
      throw this.#fail(`its answer to ${api.name} is malformed: ${reasonOf(error)}`);
    }
  }

  close(): void {
    this.#fail('the connection was closed here');
  }

  #dial({ host, port }: Address): Socket {
    const { tls } = this.#settings;
    if (tls) {
      const socket = connectTls({ ...socketOptions(tls, host), host, port });
      socket.on('data', (bytes: Buffer) => this.#check(this.#frames.take(bytes)));
      return socket;
    }
    const buffer = () => this.#frames.space();
    const callback = (length: number) => this.#check(this.#frames.arrived(length));
    return connectTcp({ host, port, onread: { buffer, callback } });
  }

  #check(isProtocol: boolean): boolean {
    if (!isProtocol) this.#fail('it answers in another protocol');
    return true;
  }

  #receive(frame: Buffer): void {
    const id = frame.readInt32BE(0);
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.resolve(frame);
  }

  async #greet(): Promise<void> {
    const request = { software: 'millrace', softwareVersion: '0' };
    const { error, versions } = await this.request(apiVersions, request);
    if (error !== code.none) {
      const detail = { broker: this.address, request: apiVersions.name, reason: nameOf(error) };
      throw new MillraceError('KAFKA_REFUSED', detail);
    }
    this.#versions = versions;
    const { sasl } = this.#settings;
    if (sasl !== undefined) await login(this, sasl);
  }

  #versionOf({ key, name, versions: [oldest, newest] }: Api<never, unknown>): number {
    if (key === apiVersions.key) return newest;
    const [first, last] = this.#versions.get(key) ?? [0, -1];
    const version = Math.min(newest, last);
    if (version >= oldest && version >= first) return version;
    const versions = `${oldest}–${newest}`;
    throw new MillraceError('KAFKA_UNSUPPORTED', { broker: this.address, request: name, versions });
  }

  #unreachable(reason: string): MillraceError {
    return new MillraceError('KAFKA_UNREACHABLE', { brokers: this.address, reason });
  }

  #fail(reason: string | MillraceError): Error {
    if (this.#failure !== undefined) return this.#failure;
    this.#failure = typeof reason === 'string' ? this.#unreachable(reason) : reason;
    this.#socket.destroy();
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
    return this.#failure;
  }
}

/** Joins the stream's parts to frames: each follows its length. */
class FrameReader {
  readonly #onFrame: (frame: Buffer) => void;
  readonly #head = Buffer.alloc(4);
  #frame: Buffer | undefined;
  #filled = 0;
  /** Where heads and small frames arrive. */
  readonly #porch = Buffer.allocUnsafeSlow(64 * 1024);
  #isInFrame = false;

  constructor(onFrame: (frame: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  /** Where the next bytes of the stream are to be put: large frames are received where they will stay. */
  space(): Buffer {
    const frame = this.#frame;
    this.#isInFrame = frame !== undefined && frame.length - this.#filled >= this.#porch.length;
    return this.#isInFrame ? frame!.subarray(this.#filled) : this.#porch;
  }

  /** Bytes were put into the space. False when a length is impossible. */
  arrived(length: number): boolean {
    if (!this.#isInFrame) return this.take(this.#porch.subarray(0, length));
    this.#filled += length;
    if (this.#filled === this.#frame!.length) this.#finish();
    return true;
  }

  /** Copies bytes that came elsewhere. False when a length is impossible. */
  take(bytes: Buffer): boolean {
    for (let at = 0; at < bytes.length; ) {
      const into = this.#frame ?? this.#head;
      const copied = bytes.copy(into, this.#filled, at);
      at += copied;
      this.#filled += copied;
      if (this.#filled < into.length) break;
      if (this.#frame !== undefined) this.#finish();
      else {
        const length = this.#head.readInt32BE(0);
        if (length < 4 || length > frameLimit) return false;
        this.#frame = Buffer.allocUnsafeSlow(length);
        this.#filled = 0;
      }
    }
    return true;
  }

  #finish(): void {
    const frame = this.#frame!;
    this.#frame = undefined;
    this.#filled = 0;
    this.#onFrame(frame);
  }
}
