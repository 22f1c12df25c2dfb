/** Rules of inputs beside logs. */
import type { Mutant } from '../mutant.ts';

const inputTopics = ['test/jobs/read-input.test.ts'] as const;
const protobuf = ['test/codecs/protobuf.test.ts'] as const;
const readers = ['test/signals/inputs/readers.test.ts'] as const;
const canonical = ['test/signals/inputs/metrics/canonical.test.ts'] as const;
const otlp = ['test/signals/inputs/metrics/otlp.test.ts'] as const;
const remoteWrite = ['test/signals/inputs/metrics/remote-write.test.ts'] as const;
const statsd = ['test/signals/inputs/metrics/statsd.test.ts'] as const;
const spans = ['test/signals/inputs/spans/spans.test.ts'] as const;
const changes = ['test/signals/inputs/changes/changes.test.ts'] as const;
const alerts = ['test/signals/inputs/alerts/alerts.test.ts'] as const;
const pods = ['test/signals/inputs/pods/pods.test.ts'] as const;

export const inputs: readonly Mutant[] = [
  {
    rule: 'protobuf: a message within that is broken costs itself alone',
    file: 'codecs/protobuf.ts',
    from: '    this.wrong = null;\n    this.#at = end;',
    to: '    this.#at = end;',
    killedBy: protobuf,
  },
  {
    rule: 'protobuf: a list that is kept does not grow',
    file: 'codecs/protobuf.ts',
    from: 'if (field.again && !isOwn)',
    to: 'if (field.again && isOwn)',
    killedBy: protobuf,
  },
  {
    rule: 'protobuf: the number of fields is bounded',
    file: 'codecs/protobuf.ts',
    from: 'if (--this.left < 0) this.wrong ??= `more',
    to: 'if (this.left < 0) this.wrong ??= `more',
    killedBy: protobuf,
  },
  {
    rule: 'snappy: a block that says to hold too much is refused before it is decompressed',
    file: 'codecs/snappy.ts',
    from: '  if (sizeOfBlock(block) > most) throw new TooLarge();',
    to: '',
    killedBy: remoteWrite,
  },
  {
    rule: 'inputs: a time more than a day ahead is refused',
    file: 'signals/inputs/intake.ts',
    from: 'time >= firstTime && time <= this.#latest',
    to: 'time >= firstTime',
    killedBy: readers,
  },
  {
    rule: 'inputs: two labels of one name are refused',
    file: 'signals/inputs/labels.ts',
    from: "    if (names.size === names.add(name).size) return 'two labels of one name';",
    to: '',
    killedBy: otlp,
  },
  {
    rule: 'inputs: a service without a name is not all others without one',
    file: 'signals/inputs/labels.ts',
    from: "startsWith('unknown_service') === true",
    to: "startsWith('unknown_service') === undefined",
    killedBy: otlp,
  },
  {
    rule: 'inputs: a target that reports about a pod is not its service',
    file: 'signals/inputs/labels.ts',
    from: '  if (pod !== undefined)',
    to: '  if (pod !== undefined && pod === "")',
    killedBy: remoteWrite,
  },
  {
    rule: 'remote write: a stale marker ends its series',
    file: 'signals/inputs/metrics/remote-write.ts',
    from: '  if (got === null) {',
    to: '  if (got === undefined) {',
    killedBy: remoteWrite,
  },
  {
    rule: 'metrics: a point without a value is passed over',
    file: 'signals/inputs/metrics/canonical.ts',
    from: 'if (noNumbers.has(got)) return Number.NaN;',
    to: '',
    killedBy: canonical,
  },
  {
    rule: 'OTLP: a count is not below zero',
    file: 'signals/inputs/metrics/otlp.ts',
    from: 'family.monotonic && value < 0',
    to: 'family.monotonic && value < -1e9',
    killedBy: otlp,
  },
  {
    rule: 'StatsD: a counter is divided by its rate',
    file: 'signals/inputs/metrics/statsd.ts',
    from: "pointOf(sent, 'delta', value / rate)",
    to: "pointOf(sent, 'delta', value)",
    killedBy: statsd,
  },
  {
    rule: 'spans: one that ends before it starts is refused',
    file: 'signals/inputs/spans/span.ts',
    from: 'if (end < start) return',
    to: 'if (end < 0) return',
    killedBy: spans,
  },
  {
    rule: 'spans: an address is no peer',
    file: 'signals/inputs/spans/span.ts',
    from: 'address === undefined || isAddress.test(address) ? null',
    to: 'address === undefined ? null',
    killedBy: spans,
  },
  {
    rule: 'changes: growth from more than nothing is no rollout',
    file: 'signals/inputs/changes/kubernetes.ts',
    from: '(grown.from !== null && grown.from !== 0)',
    to: 'grown.from === -1',
    killedBy: changes,
  },
  {
    rule: 'changes: a deployment that has not ended is passed over',
    file: 'signals/inputs/changes/github.ts',
    from: '!last.has(state) || deployment',
    to: 'deployment',
    killedBy: changes,
  },
  {
    rule: 'alerts: OK after missing data ends nothing',
    file: 'signals/inputs/alerts/cloudwatch.ts',
    from: "state === 'OK' && (before === 'ALARM' || before === undefined)",
    to: "state === 'OK'",
    killedBy: alerts,
  },
  {
    rule: 'alerts: notes are no part of a fingerprint',
    file: 'signals/inputs/alerts/alert.ts',
    from: '.filter(([key]) => !notes.has(key))',
    to: '',
    killedBy: alerts,
  },
  {
    rule: 'pods: what is normal and no trouble is passed over',
    file: 'signals/inputs/pods/pod-event.ts',
    from: "return told ?? (isWarning ? 'other' : undefined);",
    to: "return told ?? 'other';",
    killedBy: pods,
  },
  {
    rule: 'inputs: what is planned may lie a year ahead',
    file: 'signals/inputs/kinds.ts',
    from: '  ahead: plannedAhead,\n',
    to: '',
    killedBy: inputTopics,
  },
  {
    rule: 'inputs: of a record with many elements those that can be read are read',
    file: 'jobs/read-input.ts',
    from: 'for (const record of intake.records) values.push(record);',
    to: 'if (intake.refused.length === 0) values.push(...intake.records);',
    killedBy: inputTopics,
  },
  {
    rule: 'inputs: spans that do not come hold nothing back',
    file: 'jobs/incidents/inputs.ts',
    from: 'const idleAfter = seconds(1);',
    to: 'const idleAfter = seconds(20);',
    killedBy: inputTopics,
  },
  {
    rule: 'units: a span that comes when its trace is long over makes no unit',
    file: 'jobs/incidents/units.ts',
    from: 'time + afterSilence <= ctx.watermark',
    to: 'false',
    killedBy: ['test/jobs/units.test.ts'],
  },
  {
    rule: 'inputs: spans are known by their shape',
    file: 'signals/inputs/spans/any-spans.ts',
    from: '  if (isOfJaeger(value)) return readJaegerValue(value, intake);\n',
    to: '',
    killedBy: ['test/signals/inputs/any-shape.test.ts'],
  },
  {
    rule: 'inputs: a block of snappy is told from text',
    file: 'signals/inputs/metrics/any-metrics.ts',
    from: 'if (isText(body)) return',
    to: 'if (body.length > 0) return',
    killedBy: ['test/signals/inputs/any-shape.test.ts'],
  },
];
