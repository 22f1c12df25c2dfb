/** All mutants, room by room; a rule that is added to the project gets one here. */

import type { Mutant } from './mutant.ts';
import { bareTraces } from './rooms/bare-traces.ts';
import { claims } from './rooms/claims.ts';
import { commands } from './rooms/cli.ts';
import { codes } from './rooms/codes.ts';
import { connectors } from './rooms/connectors.ts';
import { described } from './rooms/described.ts';
import { ground } from './rooms/ground.ts';
import { handlers } from './rooms/handlers.ts';
import { headedTraces } from './rooms/headed-traces.ts';
import { headers } from './rooms/headers.ts';
import { incidents } from './rooms/incidents.ts';
import { input } from './rooms/input.ts';
import { inputs } from './rooms/inputs.ts';
import { joining } from './rooms/joining.ts';
import { levelWords } from './rooms/level-words.ts';
import { logs } from './rooms/logs.ts';
import { markedLevels } from './rooms/marked-levels.ts';
import { objectives } from './rooms/objectives.ts';
import { others } from './rooms/others.ts';
import { prefixes } from './rooms/prefixes.ts';
import { reading } from './rooms/reading.ts';
import { records } from './rooms/records.ts';
import { refusals } from './rooms/refusals.ts';
import { runtime } from './rooms/runtime.ts';
import { metricSeries } from './rooms/series.ts';
import { signals } from './rooms/signals.ts';
import { splits } from './rooms/splits.ts';
import { state } from './rooms/state.ts';
import { tables } from './rooms/tables.ts';
import { templates } from './rooms/templates.ts';
import { times } from './rooms/times.ts';
import { toolLevels } from './rooms/tool-levels.ts';
import { topics } from './rooms/topics.ts';
import { unheardOf } from './rooms/unheard-of.ts';
import { unitSignals } from './rooms/unit-signals.ts';
import { units } from './rooms/units.ts';
import { windows } from './rooms/windows.ts';
import { wrappers } from './rooms/wrappers.ts';

export const mutants: readonly Mutant[] = [
  ...claims,
  ...ground,
  ...windows,
  ...state,
  ...templates,
  ...toolLevels,
  ...topics,
  ...refusals,
  ...tables,
  ...codes,
  ...connectors,
  ...reading,
  ...records,
  ...runtime,
  ...splits,
  ...handlers,
  ...logs,
  ...described,
  ...joining,
  ...headedTraces,
  ...bareTraces,
  ...wrappers,
  ...headers,
  ...levelWords,
  ...markedLevels,
  ...prefixes,
  ...unheardOf,
  ...times,
  ...signals,
  ...metricSeries,
  ...units,
  ...unitSignals,
  ...incidents,
  ...commands,
  ...input,
  ...inputs,
  ...objectives,
  ...others,
];
