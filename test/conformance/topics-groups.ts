/** Groups: which member owns what, when it changes hands, and that it never has two owners. */
import { setImmediate } from 'node:timers/promises';
import { expect } from 'vitest';
import type { GroupEvent, Membership, TopicPartition, Topics } from '../../topics/topics.ts';
import { refused, type TopicsTest } from './topics-steps.ts';

const idOf = ({ topic, partition }: TopicPartition) => `${topic}/${partition}`;

/** A member that notes what it owns; it answers everything, or everything but revocations. */
class Worker {
  readonly owned = new Set<string>();
  readonly events: GroupEvent[] = [];
  holds = false;
  readonly membership: Membership;

  constructor(membership: Membership) {
    this.membership = membership;
  }

  async turn(): Promise<void> {
    const event = this.membership.poll();
    if (event === undefined || (this.holds && event.kind === 'revoked')) return;
    this.events.push(event);
    for (const partition of event.partitions) {
      if (event.kind === 'assigned') this.owned.add(idOf(partition));
      else this.owned.delete(idOf(partition));
    }
    await this.membership.answer();
  }
}

/** Polls all workers until `done`; nothing may ever have two owners. The test's own time limit ends it otherwise. */
async function until(workers: readonly Worker[], done: () => boolean): Promise<void> {
  while (!done()) {
    for (const worker of workers) {
      await worker.turn();
      const all = workers.flatMap(({ owned }) => [...owned]);
      expect(all).toHaveLength(new Set(all).size);
    }
    await setImmediate();
  }
}

/** Polls for a while, for claims that something does not happen. */
async function settle(workers: readonly Worker[]): Promise<void> {
  let turns = 0;
  await until(workers, () => turns++ > 20);
}

async function join(topics: Topics, group: string, names: readonly string[]): Promise<Worker> {
  return new Worker(await topics.join(group, names));
}

async function topicsOf(topics: Topics, names: readonly string[], partitions: number): Promise<readonly string[]> {
  for (const name of names) await topics.create({ name, partitions });
  return names.flatMap((topic) => Array.from({ length: partitions }, (_, partition) => idOf({ topic, partition })));
}

const shares = (workers: readonly Worker[]) => workers.map(({ owned }) => owned.size).sort();

export const groupTests: Record<string, TopicsTest> = {
  async 'a lone member is given every partition'(topics, fresh) {
    const all = await topicsOf(topics, [fresh('a'), fresh('b')], 3);
    const worker = await join(topics, fresh('group'), [fresh('a'), fresh('b')]);
    await until([worker], () => worker.owned.size === 6);
    expect([...worker.owned].sort()).toEqual([...all].sort());
    await worker.membership.leave();
  },
  async 'an event stays until it is answered'(topics, fresh) {
    await topicsOf(topics, [fresh('a')], 2);
    const worker = await join(topics, fresh('group'), [fresh('a')]);
    let event: GroupEvent | undefined;
    while ((event = worker.membership.poll()) === undefined) await setImmediate();
    expect(worker.membership.poll()).toEqual(event);
    expect(event.kind).toBe('assigned');
    await worker.membership.answer();
    await settle([worker]);
    expect(worker.membership.poll()).toBeUndefined();
    await worker.membership.leave();
  },
  async 'three members share evenly, co-partitioned topics together'(topics, fresh) {
    const names = [fresh('a'), fresh('b')];
    await topicsOf(topics, names, 6);
    const workers: Worker[] = [];
    for (let i = 0; i < 3; i++) workers.push(await join(topics, fresh('group'), names));
    await until(workers, () => workers.every(({ owned }) => owned.size === 4));
    for (const { owned } of workers) {
      const [a, b] = names.map((name) =>
        [...owned]
          .filter((id) => id.startsWith(name))
          .map((id) => id.split('/')[1])
          .sort(),
      );
      expect(a).toEqual(b);
    }
    for (const { membership } of workers) await membership.leave();
  },
  async 'more members than partitions leave some with nothing'(topics, fresh) {
    await topicsOf(topics, [fresh('a')], 2);
    const workers: Worker[] = [];
    for (let i = 0; i < 3; i++) workers.push(await join(topics, fresh('group'), [fresh('a')]));
    await until(workers, () => shares(workers).join() === '0,1,1');
    for (const { membership } of workers) await membership.leave();
  },
  async 'a revoked partition is given away only when its owner has answered'(topics, fresh) {
    await topicsOf(topics, [fresh('a')], 4);
    const first = await join(topics, fresh('group'), [fresh('a')]);
    await until([first], () => first.owned.size === 4);
    first.holds = true;
    const second = await join(topics, fresh('group'), [fresh('a')]);
    await until([first, second], () => first.membership.poll()?.kind === 'revoked');
    await settle([first, second]);
    expect(second.owned.size).toBe(0);
    first.holds = false;
    await until([first, second], () => shares([first, second]).join() === '2,2');
    expect(first.events.map(({ kind }) => kind)).toEqual(['assigned', 'revoked']);
    for (const { membership } of [first, second]) await membership.leave();
  },
  async 'what a leaving member had goes to the others, which keep theirs'(topics, fresh) {
    await topicsOf(topics, [fresh('a')], 4);
    const [first, second] = [
      await join(topics, fresh('group'), [fresh('a')]),
      await join(topics, fresh('group'), [fresh('a')]),
    ];
    await until([first, second], () => shares([first, second]).join() === '2,2');
    const kept = [...second.owned];
    await first.membership.leave();
    await until([second], () => second.owned.size === 4);
    expect([...second.owned]).toEqual(expect.arrayContaining(kept));
    expect(first.membership.poll()).toBeUndefined();
    await second.membership.leave();
  },
  async 'groups do not share with one another'(topics, fresh) {
    await topicsOf(topics, [fresh('a')], 2);
    const [one, other] = [
      await join(topics, fresh('group'), [fresh('a')]),
      await join(topics, fresh('other'), [fresh('a')]),
    ];
    for (const worker of [one, other]) await until([worker], () => worker.owned.size === 2);
    for (const { membership } of [one, other]) await membership.leave();
  },
  async 'a lost member is told so, its partitions are taken over at once, and it comes back'(topics, fresh, { lose }) {
    await topicsOf(topics, [fresh('a')], 4);
    const [first, second] = [
      await join(topics, fresh('group'), [fresh('a')]),
      await join(topics, fresh('group'), [fresh('a')]),
    ];
    await until([first, second], () => shares([first, second]).join() === '2,2');
    const had = [...first.owned].sort();
    await lose!(first.membership);
    first.owned.clear();
    await until([second], () => second.owned.size === 4);
    const event = first.membership.poll()!;
    expect(event.kind).toBe('lost');
    expect(event.partitions.map(idOf).sort()).toEqual(had);
    await until([first, second], () => shares([first, second]).join() === '2,2');
    for (const { membership } of [first, second]) await membership.leave();
  },
  async 'a member that is lost while it drains is told of the loss instead'(topics, fresh, { lose }) {
    await topicsOf(topics, [fresh('a')], 2);
    const first = await join(topics, fresh('group'), [fresh('a')]);
    await until([first], () => first.owned.size === 2);
    first.holds = true;
    const second = await join(topics, fresh('group'), [fresh('a')]);
    await until([first, second], () => first.membership.poll()?.kind === 'revoked');
    await lose!(first.membership);
    await first.membership.answer();
    expect(first.membership.poll()).toMatchObject({ kind: 'lost', partitions: { length: 2 } });
    await second.membership.leave();
    await first.membership.leave();
  },
  async 'a group can not subscribe to a topic that is missing'(topics, fresh) {
    await topicsOf(topics, [fresh('a')], 1);
    await expect(topics.join(fresh('group'), [fresh('a'), fresh('b')])).rejects.toEqual(refused('TOPIC_MISSING'));
    const worker = await join(topics, fresh('group'), [fresh('a')]);
    await until([worker], () => worker.owned.size === 1);
    await worker.membership.leave();
  },
};
