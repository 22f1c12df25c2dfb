import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import type { Element } from './element.ts';

/**
 * The only place that makes RxJS operators: an RxJS operator of a function that is called with each element. An
 * exception becomes the stream's error, which every sink passes to the task; RxJS itself would report it elsewhere,
 * after the fact.
 */
export function elementOperator(
  handle: (element: Element, to: Subscriber<Element>) => void,
): OperatorFunction<Element, Element> {
  return (source) =>
    new Observable((to) =>
      source.subscribe({
        next(element) {
          try {
            handle(element, to);
          } catch (error) {
            to.error(error);
          }
        },
        error: (error) => to.error(error),
        complete: () => to.complete(),
      }),
    );
}
