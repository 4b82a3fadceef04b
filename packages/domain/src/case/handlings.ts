import type { Actor, CaseEvent, Instant } from "@crossline/contracts";
import { heartbeatGraceMs } from "../clock/live.ts";
import type { Outcome } from "../decision.ts";
import { illegal, refuse } from "./answers.ts";
import type { CaseDecision, CaseFact, CaseState, LiveHandling } from "./case.ts";
import { caseLimits } from "./limits.ts";
import { isUnsolved } from "./status.ts";

/** What can be done with live handlings. Ids are the caller's, new for each command. */
export type HandlingCommand =
  | { readonly type: "start-handling"; readonly handlingId: string; readonly channel: LiveHandling["channel"] }
  | { readonly type: "beat"; readonly handlingId: string }
  | { readonly type: "end-handling"; readonly handlingId: string };

type Tell = (fact: CaseFact) => CaseDecision;

/** Decides a command on a live handling. The minutes of a handling count until `beatBy`. */
export function commandHandling(
  state: CaseState,
  command: HandlingCommand,
  actor: Actor,
  tell: Tell,
  at: Instant,
): Outcome<CaseState, CaseEvent> {
  const { handlings } = state;
  if (command.type === "start-handling") {
    if (!isUnsolved(state.status) && state.status !== "resolved") return illegal(state, "handle", "Reopen it first.");
    if (handlings.filter(({ party }) => party === actor.party).length >= caseLimits.liveHandlings)
      return refuse("limit_reached", `A party has at most ${caseLimits.liveHandlings} live handlings; end one first.`);
    const { handlingId: id, channel } = command;
    const told = tell({ type: "handling.started", data: { handlingId: id, channel, actor } });
    const { party, person } = actor;
    const handling = { id, party, ...(person !== undefined && { person }), channel, startedAt: at, lastBeatAt: at };
    const isAnswered = state.status === "resolved" && !actor.automated;
    const since = isAnswered ? { statusSince: told.state.sequence } : {};
    return { ...told, state: { ...told.state, ...since, handlings: [...handlings, handling] } };
  }
  const handling = handlings.find(({ id, party }) => id === command.handlingId && party === actor.party);
  if (handling === undefined) return refuse("not_found", "This handling has ended, or never was; start a new one.");
  const data = { actor, handlingId: handling.id, channel: handling.channel };
  if (command.type === "beat") {
    const told = tell({ type: "handling.continued", data });
    return {
      ...told,
      state: { ...told.state, handlings: handlings.map((one) => (one === handling ? alive(one, at) : one)) },
    };
  }
  const told = tell({ type: "handling.ended", data });
  return { ...told, state: { ...told.state, handlings: handlings.filter((live) => live !== handling) } };
}

/** Until when the minutes of a live handling count, unless a heartbeat comes. */
export function beatBy(
  { handlingMaxMs }: Pick<CaseState, "handlingMaxMs">,
  { startedAt, lastBeatAt }: Pick<LiveHandling, "startedAt" | "lastBeatAt">,
): Instant {
  return Math.max(lastBeatAt + heartbeatGraceMs, startedAt + (handlingMaxMs ?? 0));
}

/** A sign of life ends a silence. */
function alive(handling: LiveHandling, at: Instant): LiveHandling {
  const { silentSince: _, ...rest } = handling;
  return { ...rest, lastBeatAt: at };
}
