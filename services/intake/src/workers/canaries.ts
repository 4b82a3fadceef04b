import { type Log, type Loop, startLoop } from "@crossline/service";
import { type StepDeps, type StepOutcome, takeCanarySteps } from "../commands/canary-step.ts";
import type { WriteRequest } from "../commands/case-writer.ts";
import { closeLeftCases } from "../commands/close-left-cases.ts";
import { untilNextStep } from "../store/canary-steps.ts";

export type CanaryWorkerDeps = StepDeps & {
  readonly writeRequest: WriteRequest;
  readonly log: Log;
  /** Counts a missed run. */
  readonly onMissed: (door: "rest" | "mail") => void;
};

// Another replica can add a canary, and only this interval makes the loop of this process find the canary.
const longestSleepMs = 2_000;
const shortestSleepMs = 20;

/**
 * Starts the loop that runs the canaries of all carriers. A lease in the database gives each step to one replica. A missed run is an
 * alarm: a log message of the level error, and a metric that names the door.
 */
export function startCanaries(deps: CanaryWorkerDeps): Loop {
  const { database, writeRequest, log, onMissed } = deps;

  function reportEnd({ canaryId, channel, ended }: StepOutcome): void {
    if (ended === undefined) return;
    const door = doorOf(channel);
    if (ended.outcome === "acknowledged") {
      log.info({ canary: canaryId, door, tookMs: ended.endedAt - ended.startedAt }, "a canary was acknowledged");
      return;
    }
    onMissed(door);
    log.error({ canary: canaryId, door, stage: ended.stage, fault: ended.fault }, "a canary was missed");
  }

  async function run(signal: AbortSignal): Promise<{ sleepMs: number }> {
    const left = await closeLeftCases(database, writeRequest);
    if (left > 0) log.warn({ cases: left }, "cases that canaries left open were closed");
    for (const step of await takeCanarySteps(deps, signal)) reportEnd(step);
    const ms = (await untilNextStep(database)) ?? longestSleepMs;
    return { sleepMs: Math.min(Math.max(ms, shortestSleepMs), longestSleepMs) };
  }

  return startLoop({ name: "canaries", log, run });
}

/** Returns the name of the door that a canary with this channel probes. */
function doorOf(channel: "web" | "mail"): "rest" | "mail" {
  return channel === "web" ? "rest" : "mail";
}
