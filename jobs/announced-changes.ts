/** Changes as they are announced in a topic: a record of JSON each. What is no change becomes a dead letter. */
import { type RecordCodec, type SourceSpec, text, topic } from 'millrace';
import { type Change, readChange } from '../signals/changes.ts';

/** The changes of a topic. */
export const announcedChanges = (name: string): SourceSpec<Change> => topic(name, { codec: changeRecords });

const changeRecords: RecordCodec<Change> = {
  name: 'changes',
  // hot: the codec's contract, called per record.
  decode: (bytes, start, end, ascii) => readChange(text.decode(bytes, start, end, ascii)),
  encode: (change) => text.encode(JSON.stringify(change)),
};
