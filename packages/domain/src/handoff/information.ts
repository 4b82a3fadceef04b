import type { Actor, EventData, InformationCode, Instant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import type { Line } from "../line/line.ts";
import { refuseAction } from "../reading/refuse-action.ts";
import { rolesOf } from "../reading/refuse-command.ts";
import { timeGone, withoutQuestion } from "./accept-by.ts";
import { aboutHandoff, appendHandoffEvent } from "./append-event.ts";
import type { CaseCrossing, CrossingDecision, CrossingOutcome } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";
import type { AskingHandoff, LeasedHandoff } from "./handoff.ts";
import type { HandoffAtDesk } from "./lease.ts";
import { addGivenItems } from "./material.ts";
import { updateDesk } from "./vendor-queue.ts";
import { openHandoffOf, withOpen } from "./waits.ts";

/** The command to request information before the acceptance. The vendor's clock pauses, and the carrier's clock runs. */
export type InformationRequest = {
  readonly type: "request-info";
  readonly token: number;
  readonly code: InformationCode;
  readonly items: readonly string[];
  readonly question?: string | undefined;
};

/** The carrier's reply to an information request. If `items` is absent, the reply supplies all requested items. */
export type Information = {
  readonly handoffId: string;
  readonly actor: Actor;
  readonly answer: string;
  readonly items?: readonly string[] | undefined;
};

/**
 * The end of an information request: the carrier's reply, or an event of routing itself after the carrier's time has passed.
 */
type InformationAnswer = {
  readonly open: AskingHandoff;
  readonly data: Pick<EventData<"handoff.info-provided">, "actor" | "answer" | "items" | "bestEffort">;
};

/** Records a vendor's information request. The lease and the token do not change. */
export function requestInformation(
  { state, open, actor }: HandoffAtDesk<LeasedHandoff>,
  { code, items, question }: InformationRequest,
  line: Line,
  at: Instant,
): CrossingOutcome {
  if (open.phase !== "claimed")
    return refuse("illegal_transition", "Information can only be requested between claim and acceptance.");
  const asking: AskingHandoff = {
    ...open,
    goneMs: timeGone(open, line, at),
    phase: "info-requested",
    asked: state.sequence + 1,
    ...(items.length > 0 && { askedFor: items }),
  };
  const about = { ...aboutHandoff(state, open), actor };
  const data = { ...about, code, items: [...items], ...(question !== undefined && { question }) };
  const withRequest = { state: withOpen(state, asking), messages: [] };
  return appendHandoffEvent(withRequest, at, { type: "handoff.info-requested", data });
}

/** Records the carrier's reply to an open information request. */
export function answerQuestion(
  state: CaseCrossing,
  { handoffId, actor, answer, items }: Information,
  deps: Pick<CrossingDeps, "line" | "knownErrors">,
  at: Instant,
): CrossingOutcome {
  const open = openHandoffOf(state);
  const refused = refuseAction(rolesOf(state, actor.party), "provide-information");
  if (refused !== undefined) return { refused };
  if (open?.id !== handoffId || open.phase !== "info-requested")
    return refuse("illegal_transition", "This hand-off has no open information request.");
  const { askedFor = [] } = open;
  const unrequested = items?.find((item) => !askedFor.includes(item));
  if (unrequested !== undefined) {
    const fields = [{ at: "/items", message: `${unrequested} was not requested` }];
    return refuse("invalid_request", "A reply can only give requested items.", { fields });
  }
  const givenItems = [...(items ?? askedFor)];
  const data = { actor, answer, bestEffort: false, ...(givenItems.length > 0 && { items: givenItems }) };
  return updateDesk(state, endQuestion({ state, messages: [] }, { open, data }, deps.line, at), deps, at);
}

/**
 * Ends the information request, with the carrier's reply or after the carrier's time has passed. The vendor's clock continues.
 */
export function endQuestion(
  { state, messages }: CrossingDecision,
  { open, data }: InformationAnswer,
  line: Line,
  at: Instant,
): CrossingDecision {
  const claimed = withoutQuestion(open, line, state.material.severity, at);
  const material = addGivenItems(state.material, data.items ?? []);
  const answered: CrossingDecision = { state: { ...withOpen(state, claimed), material }, messages };
  return appendHandoffEvent(answered, at, {
    type: "handoff.info-provided",
    data: { ...aboutHandoff(state, open), ...data },
  });
}
