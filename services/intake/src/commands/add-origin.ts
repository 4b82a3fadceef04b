import type { Actor, CaseEvent } from "@crossline/contracts";
import type { CaseRequest } from "./request.ts";

/**
 * Returns the events with the trace of their request. An event that records the act of the request's actor also has the sender of the
 * request. An event that Crossline adds on its own has no sender.
 */
export function addOrigin<M extends CaseEvent>(
  events: readonly M[],
  { origin: { traceparent, caller }, actor }: Pick<CaseRequest, "origin" | "actor">,
): readonly M[] {
  if (traceparent === undefined && caller === undefined) return events;
  return events.map((event) => ({
    ...event,
    ...(traceparent !== undefined && { traceparent }),
    ...(caller !== undefined && isActOf(actor, event) && { caller }),
  }));
}

function isActOf({ party, person, automated }: Actor, { data }: CaseEvent): boolean {
  if (!("actor" in data)) return false;
  const { actor } = data;
  return actor.party === party && actor.person === person && actor.automated === automated;
}
