/**
 * What the stored state of an operator depends on, as plain data that is stored beside it: the states with their
 * codecs, and the form of a window. State that was written in another shape would be misread, or never be found again.
 */
import type { Stage } from './plan.ts';

/** The shape of one operator's state, or of what a sink has not delivered yet. */
export interface Shape {
  /** For windows their kind and sizes, for sinks their table. */
  readonly form?: string;
  /** By space. */
  readonly states?: Readonly<
    Record<string, { readonly kind: string; readonly codec: string; readonly version: number }>
  >;
}

/** By the uid of the operator or sink. */
export type Shapes = Readonly<Record<string, Shape>>;

/** The shapes of everything in a stage that has one. */
export function shapesOf(stage: Stage): Shapes {
  const shapes: Record<string, Shape> = {};
  for (const { node } of stage.nodes) {
    const { uid, body } = node;
    if (uid === undefined) continue;
    if (body.kind === 'operator' && body.stateful) {
      const own = stage.states.filter(({ space }) => space.startsWith(`${uid}/`));
      const states = Object.fromEntries(
        own.map(({ space, kind, codec, version }) => [space, { kind, codec: baseOf(codec), version }]),
      );
      shapes[uid] = body.form === undefined ? { states } : { form: body.form, states };
    }
    const table = body.kind === 'sink' && body.sink.kind === 'chunks' ? body.sink.table : undefined;
    if (table !== undefined) shapes[uid] = { form: `table ${table}` };
  }
  return shapes;
}

/**
 * How a state of `uid` that was stored in the one shape can't be read in the other; undefined where it can. `filled`
 * names the spaces that hold anything.
 */
export function misfitOf(uid: string, [was, now]: readonly [Shape, Shape], filled: ReadonlySet<string>) {
  const remedy = `give '${uid}' another uid and name '${uid}' in the option \`drop\` of the job`;
  if (was.form !== now.form) {
    return `'${uid}' was ${was.form ?? 'no window'} and is ${now.form ?? 'no window'} now, so what is stored for it would be lost or misplaced; put it back, or ${remedy}`;
  }
  for (const [space, state] of Object.entries(was.states ?? {})) {
    if (!filled.has(space)) continue;
    const next = now.states?.[space];
    if (next === undefined)
      return `state '${space}' is declared no more; put it back, or name it in the option \`drop\``;
    const isRead = next.kind === state.kind && (next.codec === state.codec || next.version > state.version);
    if (isRead) continue;
    const words = ({ kind, codec, version }: typeof state) => `a ${kind} of ${codec} version ${version}`;
    return `state '${space}' was ${words(state)} and is ${words(next)} now; give the codec a higher version and an upgrade, or ${remedy}`;
  }
  return undefined;
}

/** A codec's name without what it is made of: an aggregate of several parts may gain and lose some. */
const baseOf = (codec: string): string => codec.replace(/\(.*/s, '');
