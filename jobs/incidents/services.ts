/**
 * Services in the incident job: each is judged pane by pane, empty panes included. Timers stand for the panes in which
 * a service wrote nothing.
 */
import { type Handlers, hours, json, type OpContext, type Out, type Windowed } from 'millrace';
import {
  type DecisionRules,
  decide,
  decideAgain,
  newService,
  type ServiceState,
  skipTo,
} from '../../decisions/decide.ts';
import type { Habit } from '../../signals/habits.ts';
import { emptyPane, type Pane, paneMs } from '../../signals/panes.ts';
import type { RecentPane } from '../../signals/recent-panes.ts';
import type { Signal } from '../../signals/signal.ts';
import { intact } from './stored.ts';

/** A service that writes nothing for this long is forgotten. */
const forgetAfter = hours(48);
/** Its empty panes are judged for this long only: a leap of the watermark must not make a flood of them. */
const waitFor = hours(3);

/** Watches each service pane by pane; timers stand for panes in which it wrote nothing. */
export const watchService =
  (rules: DecisionRules) =>
  (ctx: OpContext<Windowed<Pane>>): Handlers<Windowed<Pane>, Signal> => {
    const state = ctx.value('service', json<ServiceState>(), { intact });
    const recent = ctx.map<number, RecentPane>('recent', json<RecentPane>(), { intact });
    const habits = ctx.map<number, Habit>('habits', json<Habit>(), { intact });
    const memory = { recent, habits };
    const emitSignal = (service: ServiceState, pane: Pane, out: Out<Signal>) => {
      const signal = decide(pane, { name: String(ctx.key), state: service, memory }, rules);
      out.emitAt(signal, service.through - 1);
    };
    const forget = () => {
      state.clear();
      recent.clear();
      habits.clear();
    };
    return {
      onData({ window: { start }, value }, _time, out) {
        let service = state.get();
        if (service !== undefined && start - service.through > forgetAfter) {
          forget();
          service = undefined;
        }
        service ??= newService(start);
        if (start < service.through) {
          // The input had ended within this pane, and went on.
          const again = decideAgain({ start, pane: value }, { name: String(ctx.key), state: service, memory }, rules);
          state.set(service);
          if (again !== undefined) out.emit(again);
          return;
        }
        while (service.through < start && service.through - service.speech.last < waitFor) {
          emitSignal(service, emptyPane(), out);
        }
        if (service.through < start) skipTo(service, start);
        emitSignal(service, value, out);
        state.set(service);
        ctx.timer(service.through + paneMs - 1);
      },
      onTimer(time, out) {
        const service = state.get();
        // At the end of the input nothing is missing; a later pane has brought its own timer.
        if (service === undefined || service.through > time || ctx.watermark === Number.POSITIVE_INFINITY) return;
        const { last } = service.speech;
        if (time - last >= forgetAfter) return forget();
        if (service.through - last >= waitFor) return ctx.timer(last + forgetAfter);
        emitSignal(service, emptyPane(), out);
        state.set(service);
        ctx.timer(service.through + paneMs - 1);
      },
    };
  };
