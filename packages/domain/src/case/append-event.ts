import { type CaseEvent, type EventFact, type Instant, topics } from "@crossline/contracts";
import { causesOf, eventOf } from "../envelope.ts";
import { readOn } from "../reading/case-reading.ts";
import type { CaseDecision, CaseState } from "./case.ts";

/** An event of the case topic as a command makes it. */
type CaseFact = EventFact<CaseEvent["type"]>;

/** Appends an event of the case topic to a decision, numbered and with the records that must be read before it. */
export function appendCaseEvent({ state, messages }: CaseDecision, at: Instant, fact: CaseFact): CaseDecision {
  const { type, data } = fact;
  const { id: key, timeline, read } = state;
  const sequence = state.sequence + 1;
  const after = causesOf(key, read);
  const message = eventOf(type, data, { topic: topics.case, key, sequence, time: at, timeline, after });
  return {
    state: { ...readOn(readableAt(state, fact), message), sequence, version: state.version + 1, lastEventAt: at },
    messages: [...messages, message],
  };
}

/** Before an internal entry, the case keeps the time of the last event that all companies read. */
function readableAt(state: CaseState, fact: CaseFact): CaseState {
  if (fact.type === "entry.added" && fact.data.chain === "internal")
    return { ...state, sharedAt: state.sharedAt ?? state.lastEventAt };
  if (state.sharedAt === undefined) return state;
  const { sharedAt: _, ...rest } = state;
  return rest;
}
