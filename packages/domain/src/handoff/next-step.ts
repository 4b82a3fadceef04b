import { type Instant, formatDuration } from "@crossline/contracts";
import { isUnsolved } from "../case/status.ts";
import { isOpenAt } from "../calendar/calendar.ts";
import { assignStep, escalateAssignment } from "../pool/assign.ts";
import { stepWithin } from "./accept-by.ts";
import { aboutHandoff, appendHandoffEvent, automation } from "./append-event.ts";
import type { CrossingDecision } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import { type CrossingReason, endOffer, offerCase } from "./offer.ts";
import { pageLastResort, pageStep } from "./pages.ts";
import { openHandoffOf, waitFor } from "./waits.ts";

/**
 * Takes the next line step: offers the case to the step's queue, pages the step's roster, or assigns the case to the step's pool.
 * Nothing happens if the case is resolved or ended, or waits for neither a line step nor a pool. Nothing happens either if a
 * canary opened the case, or if the case is a member of an incident. An open assignment ends first. After the last step, routing calls the last resort.
 */
export function takeNextStep(
  decision: CrossingDecision,
  deps: CrossingDeps,
  at: Instant,
  reason: CrossingReason,
): CrossingDecision {
  const { state } = decision;
  const { line } = deps;
  if (line.observe || state.canary === true || state.member !== undefined || !isUnsolved(state.status)) return decision;
  const assignment = waitFor(state, "pool")?.assignment;
  if (assignment !== undefined) return takeNextStep(escalateAssignment(decision, assignment, at), deps, at, reason);
  if (state.waits.for !== "step") return decision;
  const step = line.crossing[state.next.step];
  if (step === undefined) return exhaustLine(decision, deps, at);
  if (step.whenClosed === "skip" && !isOpenAt(step.hours, at)) {
    const next = { step: state.next.step + 1, attempt: 0 };
    return takeNextStep({ state: { ...state, next }, messages: decision.messages }, deps, at, reason);
  }
  if (step.kind === "roster") {
    const paged = pageStep(decision, deps, at, step);
    return paged.reached ? paged.decision : takeNextStep(paged.decision, deps, at, reason);
  }
  const { step: index, attempt } = state.next;
  const acceptWithin = stepWithin(step, line, state.material.severity, at);
  if (step.kind === "pool") {
    const { pool, mode, repeat } = step;
    const given = { pool, mode, repeat, step: index, attempt, acceptWithin, reason };
    const assigned = assignStep(decision, deps, at, given);
    return assigned.reached ? assigned.decision : takeNextStep(assigned.decision, deps, at, reason);
  }
  const next = attempt + 1 < step.repeat ? { step: index, attempt: attempt + 1 } : { step: index + 1, attempt: 0 };
  return offerCase({ state: { ...state, next }, messages: decision.messages }, deps, at, {
    ...step,
    step: index,
    attempt,
    acceptWithin,
    reason,
  });
}

/** Ends an offer that the vendor did not accept in time. The next line step follows at once. */
export function lapseOffer(decision: CrossingDecision, deps: CrossingDeps, at: Instant): CrossingDecision {
  const open = openHandoffOf(decision.state);
  if (open === undefined) return decision;
  const data = aboutHandoff(decision.state, open);
  const lapsed = appendHandoffEvent(decision, at, { type: "handoff.lapsed", data });
  return takeNextStep(endOffer(lapsed, open, at, "lapsed"), deps, at, { reason: "lapsed" });
}

/** Publishes that no line step is left, and makes the first call of the last resort. */
function exhaustLine(decision: CrossingDecision, deps: CrossingDeps, at: Instant): CrossingDecision {
  const data = { actor: automation(decision.state.carrier), lastResort: [...deps.line.lastResort] };
  return callLastResort(appendHandoffEvent(decision, at, { type: "line.exhausted", data }), deps, at);
}

/** Calls the last resort, for the first time or again. The intervals between the calls are 1, 2, 4 … 60 minutes. */
export function callLastResort(decision: CrossingDecision, deps: CrossingDeps, at: Instant): CrossingDecision {
  const call = (waitFor(decision.state, "last-resort")?.call ?? 0) + 1;
  const next = formatDuration(Math.min(2 ** (call - 1), 60) * 60_000);
  const addresses = deps.line.lastResort.filter((address) => !address.startsWith("roster:"));
  const { state, messages } = appendHandoffEvent(decision, at, {
    type: "last-resort.called",
    data: { actor: automation(decision.state.carrier), call, next, addresses },
  });
  const waits = { for: "last-resort", call, sequence: state.sequence } as const;
  return pageLastResort({ state: { ...state, waits }, messages }, deps, at, call);
}
