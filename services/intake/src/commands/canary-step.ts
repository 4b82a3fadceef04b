import { randomUUID } from "node:crypto";
import { type CanaryFault, newId } from "@crossline/contracts";
import { type CanaryResult, applyReport, startRun } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import type { CanaryDoor, CanaryFinding, RestDoor } from "../services/canary-doors.ts";
import { type DueCanary, leaseCanary, lockDueCanaries, lockLeased, saveCanaryStep } from "../store/canary-steps.ts";
import { readCanaryKey } from "./set-canaries.ts";

export type StepDeps = {
  readonly database: Database;
  readonly rest: RestDoor;
  /** The mail door. Undefined: this process knows no mail server for canaries. */
  readonly mail: CanaryDoor | undefined;
  /** The secret with which intake encrypts the API keys of canaries. */
  readonly secret: string;
};

/** A step that a worker has taken. `ended` is present if the step ended its run. */
export type StepOutcome = {
  readonly canaryId: string;
  readonly channel: DueCanary["channel"];
  readonly ended?: CanaryResult;
};

const retryMs = 500;
const stepsMax = 8;

/**
 * Takes one step of each canary that is due, at most eight at a time. One transaction takes the leases and starts the runs. The tries
 * follow outside of any transaction. A transaction for each canary saves the findings, if this worker still has the lease. A process
 * that dies before this transaction loses only its try, because every try can be repeated.
 */
export async function takeCanarySteps(deps: StepDeps, signal: AbortSignal): Promise<readonly StepOutcome[]> {
  const lease = randomUUID();
  const leased = await leaseDue(deps.database, lease);
  return Promise.all(
    leased.map(async (canary) => {
      const findings = await tryStage(deps, canary, signal);
      return saveFindings(deps.database, canary, lease, signal.aborted ? [] : findings);
    }),
  );
}

function leaseDue(database: Database, lease: string): Promise<DueCanary[]> {
  return database.transaction(async (tx) => {
    const leased: DueCanary[] = [];
    for (const due of await lockDueCanaries(tx, stepsMax)) {
      const state = startRun(due.state, due, newId("cnr"), due.now);
      const stepAt = state.run === undefined ? state.dueAt : due.now;
      await leaseCanary(tx, { id: due.id, state, stepAt }, lease);
      leased.push({ ...due, state });
    }
    return leased;
  });
}

/** Tries the stage that the run must reach next. */
async function tryStage(
  { rest, mail, secret }: StepDeps,
  { id: canaryId, carrier, line, channel, sealedKey, state: { run } }: DueCanary,
  signal: AbortSignal,
): Promise<readonly CanaryFinding[]> {
  if (run === undefined) return [];
  const key = readCanaryKey({ sealedKey }, secret);
  if (key === undefined) return failed("key-unreadable");
  const { runId, stage, caseId } = run;
  const probe = { canaryId, carrier, line, runId, key };
  if (stage === "read-back" && caseId !== undefined) return rest.readBack(probe, caseId, signal);
  if (stage === "close" && caseId !== undefined) return rest.closeCase(probe, caseId, signal);
  const door = channel === "web" ? rest : mail;
  if (door === undefined) return failed("mail-off");
  return stage === "send" ? door.send(probe, signal) : door.acknowledge(probe, signal);
}

function failed(fault: CanaryFault): readonly CanaryFinding[] {
  return [{ is: "failed", fault }];
}

function saveFindings(
  database: Database,
  { id, channel, state: { run } }: DueCanary,
  lease: string,
  findings: readonly CanaryFinding[],
): Promise<StepOutcome> {
  return database.transaction(async (tx) => {
    const stored = await lockLeased(tx, id, lease);
    if (stored === undefined) return { canaryId: id, channel };
    const { now } = stored;
    const runId = run?.runId ?? "";
    const state = findings.reduce(
      (before, found) => applyReport(before, stored, { ...found, runId }, now),
      stored.state,
    );
    const isFailed = findings.some(({ is }) => is === "failed");
    const stepAt = state.run === undefined ? state.dueAt : isFailed ? now + retryMs : now;
    await saveCanaryStep(tx, { id, state, stepAt });
    const { last } = state;
    return { canaryId: id, channel, ...(last !== undefined && last !== stored.state.last && { ended: last }) };
  });
}
