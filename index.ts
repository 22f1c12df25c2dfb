/**
 * Millrace's public API, grouped as the README's table: jobs, time, operators, windows, aggregates, state, connectors.
 */

// State
export { boolean, bytes, type Codec, float64, int, json, string } from './codecs/codec.ts';
export { type ElasticsearchOptions, elasticsearch } from './connectors/elasticsearch/elasticsearch.ts';
export { type FileLine, type FilesOptions, files } from './connectors/files/files.ts';
export { type FieldKind, type Fields, jsonPick, type Picked } from './connectors/records/json-pick.ts';
// Connectors
export { jsonRecord, type RecordCodec, text } from './connectors/records/record-codec.ts';
export { script } from './connectors/script.ts';
export { table } from './connectors/table.ts';
export { type Place, type TopicOptions, topic } from './connectors/topic.ts';
// Jobs
export { type ErrorCode, hasCode, MillraceError } from './errors.ts';
export type { SinkSpec, SourceSpec } from './graph/connector.ts';
export { type From, type Job, type JobConfig, job } from './graph/job.ts';
export type { Handlers, OpContext, Out } from './graph/op.ts';
export type { Op, Step, Stream, Terminal } from './graph/stream.ts';
// Operators
export { broadcast } from './operators/broadcast.ts';
export { eventTime } from './operators/event-time.ts';
export { filter } from './operators/filter.ts';
export { flatMap } from './operators/flat-map.ts';
export { type KeyByOptions, keyBy } from './operators/key-by.ts';
export { keyBySplit } from './operators/key-by-split.ts';
export { map } from './operators/map.ts';
export { mapMaybe } from './operators/map-maybe.ts';
export { process } from './operators/process.ts';
export { scan } from './operators/scan.ts';
export { to } from './operators/to.ts';
export { union } from './operators/union.ts';
export { window } from './operators/window.ts';
export type { Key, KeyPart } from './state/key.ts';
export type { MapState, ValueState } from './state/keyed.ts';
export type { TableSpec } from './tables/tables.ts';
// Time
export { type Duration, days, hours, milliseconds, minutes, seconds, type Time } from './time/duration.ts';
// Aggregates
export type { Aggregate } from './windows/aggregate.ts';
export { collect } from './windows/aggregates/collect.ts';
export { combine } from './windows/aggregates/combine.ts';
export { count } from './windows/aggregates/count.ts';
export { from } from './windows/aggregates/from.ts';
export { max } from './windows/aggregates/max.ts';
export { mean } from './windows/aggregates/mean.ts';
export { min } from './windows/aggregates/min.ts';
export { quantile } from './windows/aggregates/quantile.ts';
export { sum } from './windows/aggregates/sum.ts';
export { topK } from './windows/aggregates/top-k.ts';
export { where } from './windows/aggregates/where.ts';
// Windows
export { session, sliding, tumbling } from './windows/assigner.ts';
export type { Window, Windowed } from './windows/window.ts';
