/**
 * One stream of elements from several, for union and broadcast. Data passes as it comes; the watermark is the least of
 * the inputs'; a barrier passes when it has come from every input, a tick when it first comes.
 */
import { Observable, startWith } from 'rxjs';
import { IDLE, WatermarkMerge } from '../../time/watermark.ts';
import { type Element, elementOperator } from './element.ts';

/** Merges streams of elements. */
export function mergeInputs(inputs: readonly Observable<Element>[]): Observable<Element> {
  return new Observable((to) => {
    const watermarks = new WatermarkMerge(inputs.length);
    let barriers = 0;
    let lastTick = Number.NEGATIVE_INFINITY;
    let completed = 0;
    const advance = (input: number, time: number | typeof IDLE) => {
      const merged = watermarks.update(input, time);
      if (merged !== undefined) to.next(merged === IDLE ? { kind: 'idle' } : { kind: 'watermark', time: merged });
    };
    const onSignal = (input: number, element: Element) => {
      switch (element.kind) {
        case 'watermark':
          return advance(input, element.time);
        case 'idle':
          return advance(input, IDLE);
        case 'barrier':
          if (++barriers < inputs.length) return;
          barriers = 0;
          return to.next(element);
        case 'tick':
          if (element.now <= lastTick) return;
          lastTick = element.now;
          return to.next(element);
        default:
          return to.next(element);
      }
    };
    for (const [i, input] of inputs.entries()) {
      input.subscribe({
        next(element) {
          try {
            onSignal(i, element);
          } catch (error) {
            to.error(error);
          }
        },
        error: (error) => to.error(error),
        complete: () => {
          if (++completed === inputs.length) to.complete();
        },
      });
    }
  });
}

/**
 * The control input of a broadcast: its data as control elements, without its watermarks and splits. It is
 * idle from the start, because a control stream without event time never sends a watermark.
 */
export function asControl(input: Observable<Element>): Observable<Element> {
  return input.pipe(
    elementOperator((element, to) => {
      if (element.kind === 'data') to.next({ kind: 'control', batch: element });
      else if (element.kind !== 'watermark' && element.kind !== 'split') to.next(element);
    }),
    startWith<Element>({ kind: 'idle' }),
  );
}
