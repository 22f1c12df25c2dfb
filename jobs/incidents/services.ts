/**
 * Services in the incident job: each is judged pane by pane, empty panes included. Timers stand for the panes in which
 * a service wrote nothing.
 */
import { type Handlers, hours, json, type OpContext, type Out, type Windowed } from 'millrace';
import { type Judge, newService, type RecentPane, type Service, watch } from '../../decisions/watch.ts';
import type { Habit } from '../../signals/habits.ts';
import { emptyPane, type Pane, paneMs } from '../../signals/panes.ts';
import type { Signal } from '../../signals/signal.ts';

/** A service that says nothing for this long is forgotten. */
const forgetAfter = hours(48);
/** … and not listened for any more after this long, so that a leap of the watermark makes no flood of empty panes. */
const listenFor = hours(3);

/** Watches each service pane by pane; timers stand for panes in which it wrote nothing. */
export const watchService =
  (judge: Judge) =>
  (ctx: OpContext<Windowed<Pane>>): Handlers<Windowed<Pane>, Signal> => {
    const state = ctx.value('service', json<Service>());
    const recent = ctx.map<number, RecentPane>('recent', json<RecentPane>());
    const habits = ctx.map<number, Habit>('habits', json<Habit>());
    const memory = { recent, habits };
    const step = (service: Service, pane: Pane, out: Out<Signal>) => {
      out.emitAt(watch(String(ctx.key), service, pane, memory, judge), service.through - 1);
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
        while (service.through < start) {
          // What nobody listened for is learned, but not told: it would come late.
          const unheard = service.through - service.speech.last >= listenFor;
          if (unheard) watch(String(ctx.key), service, emptyPane(), memory, judge);
          else step(service, emptyPane(), out);
        }
        step(service, value, out);
        state.set(service);
        ctx.timer(service.through + paneMs - 1);
      },
      onTimer(time, out) {
        const service = state.get();
        // At the end of the input nothing is missing; a later pane has brought its own timer.
        if (service === undefined || service.through > time || ctx.watermark === Number.POSITIVE_INFINITY) return;
        const { last } = service.speech;
        if (time - last >= forgetAfter) return forget();
        if (service.through - last >= listenFor) return ctx.timer(last + forgetAfter);
        step(service, emptyPane(), out);
        state.set(service);
        ctx.timer(service.through + paneMs - 1);
      },
    };
  };
