/**
 * A request of Kafka's protocol: its key, the versions this client speaks, how it is written and its response read.
 * Requests are framed by their length; a correlation id matches responses to requests.
 * Source: https://kafka.apache.org/protocol.html#protocol_messages.
 */
import type { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

export interface Api<Request, Response> {
  readonly key: number;
  readonly name: string;
  /** The oldest and the newest version spoken here. */
  readonly versions: readonly [oldest: number, newest: number];
  /** SaslHandshake alone never became flexible. */
  readonly rigid?: boolean;
  write(to: WireWriter, request: Request, version: number): void;
  read(from: WireReader, version: number): Response;
}

/** A request as it goes over the wire, length included. */
export function encodeRequest<Request>(
  api: Api<Request, unknown>,
  request: Request,
  { version, id, clientId }: { readonly version: number; readonly id: number; readonly clientId: string },
): Buffer {
  const to = new WireWriter();
  to.int32(0).int16(api.key).int16(version).int32(id).plainString(clientId);
  if (!api.rigid) to.tags();
  api.write(to, request, version);
  const bytes = to.finish();
  bytes.writeInt32BE(bytes.length - 4, 0);
  return bytes;
}

/** Which versions of each request a broker speaks. Its response has the old header, so that any client can read it. */
export const apiVersions: Api<
  { readonly software: string; readonly softwareVersion: string },
  { readonly error: number; readonly versions: ReadonlyMap<number, readonly [oldest: number, newest: number]> }
> = {
  key: 18,
  name: 'ApiVersions',
  versions: [3, 3],
  write: (to, { software, softwareVersion }) => to.string(software).string(softwareVersion).tags(),
  read(from) {
    const error = from.int16();
    const versions = new Map<number, readonly [number, number]>();
    from.array(() => {
      versions.set(from.int16(), [from.int16(), from.int16()]);
      from.tags();
    });
    return { error, versions };
  },
};
