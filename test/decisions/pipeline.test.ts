import { describe, expect, test } from 'vitest';
import { isPipelineGone } from '../../decisions/pipeline.ts';
import { incidentDefaults } from '../../incidents/settings.ts';
import { well } from '../support/incidents/environment-of.ts';

const { silence } = incidentDefaults;
const quiet = (service: string, usual = 100, panes = 6) => ({
  ...well(service, 0),
  usual,
  pause: panes * 10_000,
  lines: 0,
});
const speaking = ['a', 'b', 'c'].map((s) => well(s, 0));

describe('the log pipeline is gone', () => {
  test('when most services that should have spoken did not', () => {
    expect(isPipelineGone([quiet('x'), quiet('y'), quiet('z'), well('a', 0)], silence)).toBe(true);
    expect(isPipelineGone([quiet('x'), ...speaking], silence)).toBe(false);
  });

  test('not because rare speakers pause', () => {
    const rare = ['p', 'q', 'r', 's'].map((s) => quiet(s, 0.1, 12));
    expect(isPipelineGone([...rare, well('a', 0)], silence)).toBe(false);
  });

  test('when the only service there is falls silent: its silence cannot be told from that of the pipeline', () => {
    expect(isPipelineGone([quiet('x')], silence)).toBe(true);
  });
});
