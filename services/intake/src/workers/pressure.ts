import { nextRateLimit } from "@crossline/domain";
import { type Log, type Loop, type ServicePressure, startLoop } from "@crossline/service";
import type { Admission } from "../admission/admission.ts";

export type PressureDeps = {
  readonly admission: Admission;
  /** Returns the pressure of every service, including intake, or undefined for a service that does not respond. */
  readonly readPressures: () => Promise<readonly (ServicePressure | undefined)[]>;
  /** The backlog in records above which intake limits the rate of commands. */
  readonly limit: number;
  readonly log: Log;
  /** Receives the backlog, as a number of records. */
  readonly observe: (backlog: number) => void;
};

const pollAgainMs = 250;
const idleAfterMs = 2_500;
const idlePollMs = 60_000;
// A service that is too busy to respond can still have a backlog. If a service does not respond, the loop therefore uses the
// service's last report until the report is `reportValidMs` old.
const reportValidMs = 5_000;

/**
 * Starts the loop that sets the rate limit by the backlog of all services. While intake receives commands, the loop polls the backlog a
 * few times a second. The limit is necessary because a clock fires only when the timer has no unread record of the clock's partition.
 * If intake admitted more commands than the slowest service can apply, escalations would be late.
 */
export function startPressure({ admission, readPressures, limit, log, observe }: PressureDeps): Loop {
  const reports: { waiting: number; at: number }[] = [];
  let polledAt = performance.now();
  let busyAt = polledAt;

  async function run(): Promise<{ sleepMs: number }> {
    const pressures = await readPressures();
    const now = performance.now();
    for (const [index, pressure] of pressures.entries()) {
      if (pressure !== undefined) reports[index] = { waiting: pressure.lag + pressure.outbox, at: now };
    }
    const backlog = reports.reduce((sum, { waiting, at }) => sum + (now - at < reportValidMs ? waiting : 0), 0);
    const count = admission.admitted();
    const before = admission.limit();
    const next = nextRateLimit(before, { backlog, admitted: (count * 1000) / Math.max(1, now - polledAt) }, limit);
    admission.setLimit(next);
    observe(backlog);
    if ((before.perSecond === Infinity) !== (next.perSecond === Infinity)) {
      if (next.perSecond === Infinity) log.info({ backlog }, "the rate limiter admits all commands again");
      else
        log.warn(
          { backlog, limit, perSecond: next.perSecond },
          "the backlog is too long; the rate limiter limits commands",
        );
    }
    polledAt = now;
    if (count > 0 || next.perSecond !== Infinity) busyAt = now;
    if (now - busyAt < idleAfterMs) return { sleepMs: pollAgainMs };
    admission.idle();
    return { sleepMs: idlePollMs };
  }

  return startLoop({ name: "pressure", log, run });
}
