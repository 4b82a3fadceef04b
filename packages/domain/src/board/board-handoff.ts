import { type HandoffEvent, parseDuration, parseInstant } from "@crossline/contracts";
import type { BoardCase } from "./board-state.ts";

/** The hand-off of a case. */
type BoardHandoff = NonNullable<BoardCase["handoff"]>;

/** Returns the case after a record of the hand-off topic: its hand-off, its pool and its last resort. */
export function afterHandoffEvent(state: BoardCase, event: HandoffEvent): BoardCase {
  const { handoff } = state;
  switch (event.type) {
    case "handoff.offered": {
      const { handoffId: id, vendor, queue, mode } = event.data;
      return { ...withoutResort(state), handoff: { id, vendor, queue, mode, phase: "offered", offeredAt: event.time } };
    }
    case "handoff.claimed":
    case "handoff.renewed":
      return withHandoff(state, {
        phase: handoff?.phase === "question" ? "question" : "claimed",
        ...personOf(event),
        leaseUntil: parseInstant(event.data.leaseUntil),
      });
    case "handoff.released":
      return withOpenOffer(state);
    case "handoff.info-requested":
      return withHandoff(state, { phase: "question" });
    case "handoff.info-provided":
      return withHandoff(state, { phase: handoff?.person === undefined ? "offered" : "claimed" });
    case "handoff.accepted":
      return withoutResort(withHandoff(state, { phase: "accepted", ...personOf(event) }));
    case "handoff.rejected":
    case "handoff.lapsed":
    case "handoff.transferred":
    case "handoff.returned":
    case "handoff.withdrawn":
    case "handoff.resolved":
      return withoutHandoff(state);
    case "handoff.taken":
      return withoutResort(state);
    case "last-resort.called": {
      const { call, next } = event.data;
      return { ...state, resort: { call, nextAt: event.time + parseDuration(next) } };
    }
    case "pool.assigned":
      return { ...state, pool: { id: event.data.assignmentId, name: event.data.pool } };
    case "pool.claimed":
      return { ...state, pool: { id: event.data.assignmentId, name: event.data.pool, ...personOf(event) } };
    case "pool.released":
    case "pool.lapsed":
      return withoutPool(state);
    default:
      return state;
  }
}

function personOf({
  data: { actor },
}: {
  readonly data: { readonly actor: { readonly person?: string | undefined } };
}): { person?: string } {
  return actor.person === undefined ? {} : { person: actor.person };
}

function withHandoff(state: BoardCase, change: Partial<BoardHandoff>): BoardCase {
  return state.handoff === undefined ? state : { ...state, handoff: { ...state.handoff, ...change } };
}

/** After a release, any person of the desk can claim the offer. */
function withOpenOffer(state: BoardCase): BoardCase {
  if (state.handoff === undefined) return state;
  const { person: _, leaseUntil: __, ...offer } = state.handoff;
  return { ...state, handoff: { ...offer, phase: "offered" } };
}

/** Returns the case without its hand-off. */
export function withoutHandoff(state: BoardCase): BoardCase {
  const { handoff: _, ...rest } = state;
  return rest;
}

/** Returns the case without its call of the last resort. */
export function withoutResort(state: BoardCase): BoardCase {
  const { resort: _, ...rest } = state;
  return rest;
}

/** Returns the case without its pool. */
export function withoutPool(state: BoardCase): BoardCase {
  const { pool: _, ...rest } = state;
  return rest;
}
