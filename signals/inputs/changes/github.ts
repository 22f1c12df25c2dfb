/**
 * GitHub's webhook `deployment_status`. A status that is not the last one is passed over, and so is a deployment to an
 * environment that is thrown away. One that failed may have changed something, and says so. Deliveries that repeat, or
 * come late, have the id and the time of the first.
 */
import { bagOf, firstText, isBag, numberOf, timeOfText } from '../values.ts';
import { shortRevision, takeChange } from './change.ts';
import type { ChangeShape } from './shape.ts';

const last = new Set<unknown>(['success', 'failure', 'error']);

export const github: ChangeShape = {
  name: 'GitHub deployment_status',
  fits: (bag) => isBag(bag['deployment_status']) && isBag(bag['deployment']),
  read: (bag, intake) => {
    const [status, deployment] = [bagOf(bag['deployment_status']), bagOf(bag['deployment'])];
    const { state } = status;
    if (typeof state !== 'string') return intake.wrong('deployment_status.state', state, 'a text');
    if (!last.has(state) || deployment['transient_environment'] === true) {
      intake.passed++;
      return;
    }
    const repository = bagOf(bag['repository']);
    const commit = firstText(deployment['sha']);
    const service = firstText(bagOf(deployment['payload'])['service'], repository['name']);
    const id = `github/${firstText(repository['full_name']) ?? ''}/${numberOf(deployment['id'])}/${state}`;
    const written = status['created_at'];
    const environment = firstText(status['environment'], deployment['environment']);
    const described = firstText(status['description'], deployment['description']);
    takeChange(
      {
        ...{ id, time: timeOfText(written), written, kind: 'deployment', service, commit, environment },
        version: firstText(deployment['ref']) ?? (commit && shortRevision(commit)),
        author: firstText(bagOf(deployment['creator'])['login'], bagOf(status['creator'])['login']),
        message: state === 'success' ? described : [state, described].filter(Boolean).join(': '),
      },
      intake,
    );
  },
};
