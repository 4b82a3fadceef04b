import {
  type CaseEvent,
  type CaseStatus,
  type EventData,
  type EventOf,
  type Instant,
  topics,
} from "@crossline/contracts";
import { isCustomersContact } from "../case/act.ts";
import { isEnded, isUnsolved } from "../case/status.ts";
import { kindRules } from "../clock/kinds/all.ts";
import { formatStart } from "../clock/start.ts";
import { beginTimes, endTimes, resumeTimes } from "../holder-times.ts";
import { isInquiryKind } from "../inquiry/inquiry.ts";
import type { Line } from "../line/line.ts";
import { lapseAssignment, releaseAssignment } from "../pool/assign.ts";
import { followLivePeople } from "../pool/live-people.ts";
import { missingSkillAt } from "../pool/missing-skill.ts";
import { updateReading } from "../reading/case-reading.ts";
import { recomputeAcceptBy } from "./accept-by.ts";
import { aboutHandoff, appendHandoffEvent, automation, causedAt } from "./append-event.ts";
import type { CaseCrossing, CrossingDecision, CrossingInput } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import { joinIncident, leaveIncident, withoutMember } from "./incident.ts";
import { endQuestion } from "./information.ts";
import { updateMaterial, openMaterial } from "./material.ts";
import { callLastResort, takeNextStep, lapseOffer } from "./next-step.ts";
import { withdrawHandoff } from "./offer.ts";
import { endPage, pageNextRoster } from "./pages.ts";
import { canBeTaken } from "./take.ts";
import { countContacts, triggerSignalOf, applyTriggers } from "./triggers.ts";
import { reactToUnreachablePage } from "./unreachable-page.ts";
import { updateDesk } from "./vendor-queue.ts";
import { withdrawOvertaken } from "./withdraw-overtaken.ts";
import { forStep, openHandoffOf, waitFor, withoutWait } from "./waits.ts";

/**
 * Decides the effect of an event on the hand-offs of a case. The function is pure. The caller saves state and messages in one
 * transaction. `state` is undefined for the first event of the case, which must be `case.opened`. Any other first event throws
 * an Error. `deps.line` is the line of the case after the event. `now` is the present instant of the wall timeline. On a
 * stepped timeline or import, a decision has the time of its event.
 */
export function react(
  state: CaseCrossing | undefined,
  event: CrossingInput,
  deps: CrossingDeps,
  now: Instant,
): CrossingDecision {
  const { line } = deps;
  if (state === undefined) {
    if (event.type !== "case.opened")
      throw new Error(`the first event of a case must be case.opened, not ${event.type}`);
    const opened = { state: countContacts(withRequirements(openCrossing(event), line), event, line), messages: [] };
    return applyTriggers(opened, deps, event.time, triggerSignalOf(event, opened.state) ?? {});
  }
  const at = causedAt(event, state.lastEventAt, now);
  const read: CaseCrossing = {
    ...countContacts(state, event, line),
    read: readUpTo(state.read, event),
    lastEventAt: Math.max(state.lastEventAt, event.time),
    material: event.type === "page.unreachable" ? state.material : updateMaterial(state.material, event, line),
  };
  const followed = event.topic === topics.case ? updateReading(read, event as CaseEvent) : read;
  const withPeople = followLivePeople(followed, event, deps);
  const reacted = reactTo({ state: withPeople, messages: [] }, event, deps, at);
  const missing = missingSkillAt({ before: state, after: reacted.state }, event, deps, at);
  const given = triggerSignalOf(event, reacted.state);
  const signal = missing === undefined ? given : { ...given, missing };
  const triggered = signal === undefined ? reacted : applyTriggers(reacted, deps, at, signal);
  return updateDesk(state, triggered, deps, at);
}

/**
 * Returns the last sequences of the case topic and the clock topic that routing has read. A consumer of a hand-off event must
 * have applied these records.
 */
function readUpTo(read: CaseCrossing["read"], { topic, sequence }: CrossingInput): CaseCrossing["read"] {
  if (topic === topics.page) return read;
  return { ...read, [topic === topics.case ? "case" : "clock"]: sequence };
}

function reactTo(decision: CrossingDecision, event: CrossingInput, deps: CrossingDeps, at: Instant): CrossingDecision {
  switch (event.type) {
    case "clock.breached":
      return reactToBreach(decision, event, deps, at);
    case "clock.overtaken":
      return withdrawOvertaken(decision, event, at);
    case "page.unreachable":
      return reactToUnreachablePage(decision, event.data.pageId, deps, at);
    case "crossing.requested":
      return takeNextStep(decision, deps, at, { reason: "by-hand" });
    case "case.resolved":
      return followStatus(decision, "resolved", at);
    case "case.closed":
      return followStatus(decision, "closed", at);
    case "case.status-changed":
      return followStatus(decision, event.data.to, at);
    case "case.confirmed":
      return confirmResolution(decision, at);
    case "case.reopened":
      return reopenCase(decision, event.data, at);
    case "case.recorded":
      return { state: enterStatus(decision.state, event.data.status, at), messages: [] };
    case "case.moved":
      return moveToLine(decision, deps, at);
    case "case.severity-changed":
      return { state: recomputeAcceptBy(decision.state, deps.line, event.time), messages: [] };
    case "incident.joined":
      return joinIncident(decision, event, at);
    case "incident.left":
      return { ...decision, state: leaveIncident(decision.state, event.data.incidentId) };
    case "case.contacted":
      return { ...decision, state: withContact(decision.state, event) };
    case "case.opened":
    case "case.severity-proposed":
    case "case.severity-declined":
    case "case.corrected":
    case "case.merged":
    case "promise.made":
    case "promise.delivered":
    case "promise.withdrawn":
    case "problem.opened":
    case "incident.opened":
    case "incident.counted":
    case "incident.held":
    case "incident.ended":
    case "change.linked":
    case "change.unlinked":
    case "known-error.matched":
    case "message.written":
    case "message.reworded":
    case "message.released":
    case "message.withdrawn":
    case "message.failed":
    case "clock.recomputed":
    case "entry.added":
    case "handling.started":
    case "handling.continued":
    case "handling.ended":
    case "clock.warned":
    case "handling.silent":
      return decision;
  }
}

/** Keeps the customer's last contact on a resolved or ended case. The page for the clock `reply` contains the contact. */
function withContact(state: CaseCrossing, event: EventOf<"case.contacted">): CaseCrossing {
  if (isUnsolved(state.status) || !isCustomersContact(event)) return state;
  const { channel, content } = event.data;
  return { ...state, lastContact: { channel, content } };
}

/** Returns the case with the required items of its line. */
function withRequirements(state: CaseCrossing, { requires }: Line): CaseCrossing {
  return requires.length === 0 ? state : { ...state, requires };
}

function openCrossing(event: EventOf<"case.opened">): CaseCrossing {
  const { carrier, line, status, canary } = event.data;
  return {
    caseId: event.key,
    timeline: event.timeline,
    carrier,
    line,
    status,
    sequence: 0,
    queueSequences: {},
    read: { case: event.sequence, clock: 0 },
    lastEventAt: event.time,
    next: { step: 0, attempt: 0 },
    waits: forStep,
    ...beginTimes(carrier, event.time),
    material: openMaterial(event.data, event.time),
    ...(canary !== undefined && { canary: true }),
  };
}

function reactToBreach(
  decision: CrossingDecision,
  event: EventOf<"clock.breached">,
  deps: CrossingDeps,
  at: Instant,
): CrossingDecision {
  const { state } = decision;
  const { status, lastContact } = state;
  const handoff = openHandoffOf(state);
  const assignment = waitFor(state, "pool")?.assignment;
  const { kind, clock, firingId, incarnation, threshold, dueAt, firedAt } = event.data;
  const { breach, pausesIn } = kindRules[kind];
  switch (breach.does) {
    case "name-owner":
      if (!isInquiryKind(state.material.kind)) return decision;
      return takeNextStep(decision, deps, at, { reason: "clock", clock, firingId, threshold, dueAt, firedAt });
    case "cross":
      return takeNextStep(decision, deps, at, { reason: "clock", clock, firingId, threshold, dueAt, firedAt });
    case "lapse":
      if (waitFor(state, "page")?.id === incarnation && isUnsolved(status))
        return takeNextStep(endPage(decision), deps, at, { reason: "lapsed" });
      if (assignment?.id === incarnation && assignment.phase === "assigned")
        return takeNextStep(lapseAssignment(decision, assignment, at), deps, at, { reason: "lapsed" });
      // The breach names its offer, and has no effect if the offer has ended or was accepted.
      return handoff?.id === incarnation && handoff.phase !== "accepted" ? lapseOffer(decision, deps, at) : decision;
    case "call-again":
      return isStartedByMessage(incarnation, waitFor(state, "last-resort")?.sequence) && isUnsolved(status)
        ? callLastResort(decision, deps, at)
        : decision;
    case "end-wait":
      // Intake ends the pause of a case. Routing ends the vendor's information request.
      if (handoff?.phase !== "info-requested" || !isStartedByMessage(incarnation, handoff.asked)) return decision;
      return endQuestion(
        decision,
        { open: handoff, data: { actor: automation(state.carrier), bestEffort: true } },
        deps.line,
        at,
      );
    case "page":
      // The breach of a paused obligation causes no page. The timer fired the breach before it read the event that paused the
      // clock.
      if (pausesIn?.(status) === true) return decision;
      return pageNextRoster(decision, deps, at, {
        reason: breach.reason,
        clock,
        kind,
        firingId,
        ...(breach.reason === "reply" && lastContact !== undefined && { contact: lastContact }),
      });
    case "close":
    case "publish":
      return decision;
  }
}

/** Returns true if the message of the hand-off topic with this sequence started the clock. */
function isStartedByMessage(incarnation: string, sequence: number | undefined): boolean {
  return sequence !== undefined && incarnation === formatStart({ by: "handoff", sequence });
}

function followStatus(decision: CrossingDecision, status: CaseStatus, at: Instant): CrossingDecision {
  const now = { state: enterStatus(decision.state, status, at), messages: decision.messages };
  if (isUnsolved(status)) return now;
  const withdrawn = withdrawHandoff(now, at, "case-ended");
  const { state, messages } = releaseAssignment(withdrawn, at, "case-ended");
  return { state: canBeTaken(state) ? withoutWait(state) : state, messages };
}

function confirmResolution(decision: CrossingDecision, at: Instant): CrossingDecision {
  const confirmation = waitFor(decision.state, "confirmation");
  if (confirmation === undefined) return decision;
  const data = aboutHandoff(decision.state, confirmation.handoff);
  const { state, messages } = appendHandoffEvent(decision, at, { type: "handoff.confirmed", data });
  return { state: withoutWait(state), messages };
}

/**
 * Moves the case to the first step of another line. An open hand-off stays open, and an assignment to a pool ends. If routing was
 * calling the last resort, the calls end, and the case takes the first step at once.
 */
function moveToLine(moved: CrossingDecision, deps: CrossingDeps, at: Instant): CrossingDecision {
  const { line } = deps;
  const { state, messages } = releaseAssignment(moved, at, "line-moved");
  const { pages: _, requires: __, ...rest } = canBeTaken(state) ? withoutWait(state) : state;
  const withLine = withRequirements({ ...rest, line: line.ref, next: { step: 0, attempt: 0 } }, line);
  const decision = { state: recomputeAcceptBy(withLine, line, at), messages };
  return state.waits.for === "last-resort" ? takeNextStep(decision, deps, at, { reason: "by-hand" }) : decision;
}

function reopenCase(
  decision: CrossingDecision,
  { code, reason }: Pick<EventData<"case.reopened">, "code" | "reason">,
  at: Instant,
): CrossingDecision {
  const unsolved: CaseCrossing = {
    ...enterStatus(decision.state, "reopened", at),
    next: { step: 0, attempt: 0 },
    reopenings: (decision.state.reopenings ?? 0) + 1,
  };
  const confirmation = waitFor(unsolved, "confirmation");
  if (confirmation === undefined) return { state: unsolved, messages: decision.messages };
  const data = { ...aboutHandoff(unsolved, confirmation.handoff), ...(code !== undefined && { code }), reason };
  const { state, messages } = appendHandoffEvent({ state: unsolved, messages: decision.messages }, at, {
    type: "handoff.reopened",
    data,
  });
  return { state: withoutWait(state), messages };
}

/**
 * Sets the status. If the case ends, the holder's time stops and no handling is live any more. A solved case is no member of an
 * incident.
 */
function enterStatus(before: CaseCrossing, status: CaseStatus, at: Instant): CaseCrossing {
  const state = isUnsolved(status) ? before : withoutMember(before);
  if (!isEnded(status)) return resumeTimes({ ...state, status }, at);
  const { livePeople: _, ...now } = state;
  return endTimes({ ...now, status }, at);
}
