import { nextRateLimit } from "@crossline/domain";
import { type Log, type Loop, type ServicePressure, startLoop } from "@crossline/service";
import type { Admission } from "../admission/admission.ts";

export type PressureDeps = {
  readonly admission: Admission;
  /** Of every part, this one included; undefined where one does not answer. */
  readonly readPressures: () => Promise<readonly (ServicePressure | undefined)[]>;
  /** Records that may wait between a command and its effects. */
  readonly limit: number;
  readonly log: Log;
  /** Hears what waits, in records. */
  readonly observe: (backlog: number) => void;
};

const pollAgainMs = 250;
const idleAfterMs = 2_500;
const idlePollMs = 60_000;
// A part that is too busy to answer is not a part where nothing waits.
const reportValidMs = 5_000;

/**
 * Looks a few times a second, while commands come in, at what waits behind them, and moves the gate by it. A clock fires only
 * when its partition has been read to the end: if more were let in than the slowest part takes, escalations would be late.
 */
export function startPressure({ admission, readPressures, limit, log, observe }: PressureDeps): Loop {
  const known: { waiting: number; at: number }[] = [];
  let lookedAt = performance.now();
  let busyAt = lookedAt;

  async function run(): Promise<{ sleepMs: number }> {
    const seen = await readPressures();
    const now = performance.now();
    for (const [part, pressure] of seen.entries()) {
      if (pressure !== undefined) known[part] = { waiting: pressure.lag + pressure.outbox, at: now };
    }
    const backlog = known.reduce((sum, { waiting, at }) => sum + (now - at < reportValidMs ? waiting : 0), 0);
    const count = admission.admitted();
    const before = admission.gate();
    const gate = nextRateLimit(before, { backlog, admitted: (count * 1000) / Math.max(1, now - lookedAt) }, limit);
    admission.set(gate);
    observe(backlog);
    if ((before.perSecond === Infinity) !== (gate.perSecond === Infinity)) {
      if (gate.perSecond === Infinity) log.info({ backlog }, "the gate is open again");
      else
        log.warn({ backlog, limit, perSecond: gate.perSecond }, "more comes in than can be worked on; the gate closes");
    }
    lookedAt = now;
    if (count > 0 || gate.perSecond !== Infinity) busyAt = now;
    if (now - busyAt < idleAfterMs) return { sleepMs: pollAgainMs };
    admission.rest();
    return { sleepMs: idlePollMs };
  }

  return startLoop({ name: "pressure", log, run });
}
