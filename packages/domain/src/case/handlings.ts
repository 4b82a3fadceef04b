import type { Actor, Instant } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { heartbeatGraceMs } from "../clock/live-handlings.ts";
import { refuseTransition } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState, LiveHandling } from "./case.ts";
import { caseLimits } from "./limits.ts";
import { isUnsolved } from "./status.ts";

/** The commands on live handlings. The caller creates a new id for each handling. */
export type HandlingCommand =
  | { readonly type: "start-handling"; readonly handlingId: string; readonly channel: LiveHandling["channel"] }
  | { readonly type: "beat"; readonly handlingId: string }
  | { readonly type: "end-handling"; readonly handlingId: string };

/** Decides a command on a live handling. The minutes of a handling count until `handlingCountsUntil`. */
export function commandHandling(state: CaseState, command: HandlingCommand, actor: Actor, at: Instant): CaseOutcome {
  const { handlings } = state;
  if (command.type === "start-handling") {
    if (!isUnsolved(state.status) && state.status !== "resolved")
      return refuseTransition(state, "handle", "Reopen it first.");
    if (handlings.filter(({ party }) => party === actor.party).length >= caseLimits.liveHandlings)
      return refuse("limit_reached", `A party has at most ${caseLimits.liveHandlings} live handlings; end one first.`);
    const { handlingId: id, channel } = command;
    const appended = appendCaseEvent({ state, messages: [] }, at, {
      type: "handling.started",
      data: { handlingId: id, channel, actor },
    });
    const { party, person } = actor;
    const handling = { id, party, ...(person !== undefined && { person }), channel, startedAt: at, lastBeatAt: at };
    const isAnswered = state.status === "resolved" && !actor.automated;
    const since = isAnswered ? { statusSince: appended.state.sequence } : {};
    return { ...appended, state: { ...appended.state, ...since, handlings: [...handlings, handling] } };
  }
  const handling = handlings.find(({ id, party }) => id === command.handlingId && party === actor.party);
  if (handling === undefined) return refuse("not_found", "This handling has ended or never existed; start a new one.");
  const data = { actor, handlingId: handling.id, channel: handling.channel };
  if (command.type === "beat") {
    const appended = appendCaseEvent({ state, messages: [] }, at, { type: "handling.continued", data });
    return {
      ...appended,
      state: {
        ...appended.state,
        handlings: handlings.map((one) => (one === handling ? withHeartbeat(one, at) : one)),
      },
    };
  }
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "handling.ended", data });
  return { ...appended, state: { ...appended.state, handlings: handlings.filter((live) => live !== handling) } };
}

/** Returns the instant until which the minutes of a live handling count without another heartbeat. */
export function handlingCountsUntil(
  { handlingMaxMs }: Pick<CaseState, "handlingMaxMs">,
  { startedAt, lastBeatAt }: Pick<LiveHandling, "startedAt" | "lastBeatAt">,
): Instant {
  return Math.max(lastBeatAt + heartbeatGraceMs, startedAt + (handlingMaxMs ?? 0));
}

/** Returns the handling after a heartbeat. The heartbeat ends a silence. */
function withHeartbeat(handling: LiveHandling, at: Instant): LiveHandling {
  const { silentSince: _, ...rest } = handling;
  return { ...rest, lastBeatAt: at };
}
