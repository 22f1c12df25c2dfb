/** Reading the settings of brokers and topics, and a request by which a broker's age shows. */
import type { Api } from './api.ts';

/** Whose settings: a broker, asked itself by its number, or a topic, of which any broker knows. */
export interface ConfigResource {
  readonly kind: 'topic' | 'broker';
  readonly name: string;
}

const kinds = { topic: 2, broker: 4 } as const;

/** The named settings as they are in force. Those the broker does not know are left out of its answer. */
export const describeConfigs: Api<
  { readonly resource: ConfigResource; readonly names: readonly string[] },
  { readonly error: number; readonly message: string | undefined; readonly configs: ReadonlyMap<string, string> }
> = {
  key: 32,
  name: 'DescribeConfigs',
  versions: [4, 4],
  write(to, { resource, names }) {
    to.unsigned(2).int8(kinds[resource.kind]).string(resource.name);
    to.array(names, (name) => to.string(name)).tags();
    to.boolean(false).boolean(false).tags();
  },
  read(from) {
    from.int32();
    const [found] = from.array(() => {
      const [error, message] = [from.int16(), from.nullableString()];
      from.int8();
      from.string();
      const configs = new Map<string, string>();
      from.array(() => {
        const [name, value] = [from.string(), from.nullableString()];
        // Read-only, source, sensitive; synonyms were not asked for.
        from.boolean();
        from.int8();
        from.boolean();
        from.array(() => undefined);
        from.int8();
        from.nullableString();
        from.tags();
        if (value !== undefined) configs.set(name, value);
      });
      from.tags();
      return { error, message, configs };
    });
    return found!;
  },
};

/**
 * Describes a group of KIP-848. Only brokers from Kafka 4.0 on speak version 1 (KIP-1099), and it changes nothing: a
 * broker that is older is refused with KAFKA_UNSUPPORTED before anything is sent. What a group is made of is not read.
 */
export const describeConsumerGroup: Api<{ readonly group: string }, { readonly error: number }> = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  versions: [1, 1],
  write: (to, { group }) =>
    to
      .array([group], (name) => to.string(name))
      .boolean(false)
      .tags(),
  read(from) {
    from.int32();
    from.unsigned();
    return { error: from.int16() };
  },
};
