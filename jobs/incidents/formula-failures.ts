/** A score's formula that fails on some lines: told as a dead letter under its code, by the operator that scores. */
import type { Handlers, MillraceError, OpContext } from 'millrace';

/** What is not told yet. */
export class FormulaFailures {
  #untold: string[] = [];

  readonly add = (failure: MillraceError): void => {
    this.#untold.push(failure.message);
  };

  /** The operator, which tells behind each of its calls what came up in it. */
  toldBy<T, R>(make: (ctx: OpContext<T>) => Handlers<T, R>): (ctx: OpContext<T>) => Handlers<T, R> {
    return (ctx) => {
      const tell = ctx.side<string>('FORMULA_FAILED');
      const { onData, onTimer, ...others } = make(ctx);
      const tellAll = () => {
        for (const text of this.#untold.splice(0)) tell(text);
      };
      return {
        ...others,
        onData(value, time, out) {
          onData(value, time, out);
          tellAll();
        },
        onTimer(time, out) {
          onTimer?.(time, out);
          tellAll();
        },
      };
    };
  }
}
