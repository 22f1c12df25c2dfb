/**
 * What the columns of self-described lines mean where the table of keys (keys.ts) does not say it: names of the
 * W3C's extended format, of Zeek and of AWS' flow logs, and their names in the Elastic Common Schema.
 */
import type { Role } from '../formats/format.ts';
import type { Heading } from './headings.ts';

type ByKind<T> = Readonly<Record<Heading['kind'], Readonly<Record<string, T>>>>;

/** Columns by the roles that they play. */
export const columnRoles: ByKind<Role> = {
  w3c: {},
  zeek: { ts: 'time' },
  vpc_flow: { start: 'time' },
  csv: {},
  tsv: {},
};

/** Columns by the names of their fields. */
export const columnNames: ByKind<string> = {
  w3c: {
    'c-ip': 'source.ip',
    'c-port': 'source.port',
    's-ip': 'destination.ip',
    's-port': 'destination.port',
    's-computername': 'host.name',
    's-sitename': 'iis.access.site_name',
    'cs-username': 'user.name',
    'cs-method': 'http.request.method',
    'cs-uri': 'url.original',
    'cs-uri-stem': 'url.path',
    'cs-uri-path': 'url.path',
    'cs-uri-query': 'url.query',
    'cs-uri-scheme': 'url.scheme',
    'cs-host': 'url.domain',
    'cs(Host)': 'url.domain',
    'cs-version': 'http.version',
    'cs-protocol-version': 'http.version',
    'cs(User-Agent)': 'user_agent.original',
    'cs(Referer)': 'http.request.referrer',
    'cs-bytes': 'http.request.body.bytes',
    'sc-bytes': 'http.response.body.bytes',
    'sc-status': 'http.response.status_code',
    'sc-substatus': 'iis.access.sub_status',
    'sc-win32-status': 'iis.access.win32_status',
    'time-taken': 'iis.access.time_taken_ms',
    'src-ip': 'source.ip',
    'src-port': 'source.port',
    'dst-ip': 'destination.ip',
    'dst-port': 'destination.port',
    srcip: 'source.ip',
    srcport: 'source.port',
    dstip: 'destination.ip',
    dstport: 'destination.port',
    protocol: 'network.transport',
    action: 'event.action',
    'x-edge-request-id': 'http.request.id',
  },
  zeek: {
    'id.orig_h': 'source.ip',
    'id.orig_p': 'source.port',
    'id.resp_h': 'destination.ip',
    'id.resp_p': 'destination.port',
    uid: 'event.id',
    proto: 'network.transport',
    service: 'network.protocol',
    host: 'url.domain',
    uri: 'url.original',
    user_agent: 'user_agent.original',
    referrer: 'http.request.referrer',
    status_code: 'http.response.status_code',
    status_msg: 'http.response.status_text',
    duration: 'zeek.duration',
    name: 'event.action',
  },
  vpc_flow: {
    version: 'aws.vpcflow.version',
    'account-id': 'cloud.account.id',
    'interface-id': 'aws.vpcflow.interface_id',
    srcaddr: 'source.ip',
    dstaddr: 'destination.ip',
    srcport: 'source.port',
    dstport: 'destination.port',
    protocol: 'network.iana_number',
    packets: 'network.packets',
    bytes: 'network.bytes',
    end: 'aws.vpcflow.end',
    action: 'event.action',
    'log-status': 'aws.vpcflow.log_status',
    'instance-id': 'cloud.instance.id',
    region: 'cloud.region',
    'az-id': 'cloud.availability_zone',
    type: 'network.type',
    'flow-direction': 'network.direction',
  },
  csv: {},
  tsv: {},
};
