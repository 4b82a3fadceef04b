import { type CaseEvent, type EventContent, type Instant, topics } from "@crossline/contracts";
import { causesOf, eventOf } from "../envelope.ts";
import { afterCaseEvent } from "../problem/known-error.ts";
import { updateReading } from "../reading/case-reading.ts";
import { onlyReaderOf } from "../reading/hidden.ts";
import type { CaseDecision, CaseState } from "./case.ts";

/** The type and data of an event of the case topic. */
type CaseEventContent = EventContent<CaseEvent["type"]>;

/** Appends an event of the case topic to a decision, with its sequence and its causes. */
export function appendCaseEvent(
  { state, messages }: CaseDecision,
  at: Instant,
  content: CaseEventContent,
): CaseDecision {
  const { type, data } = content;
  const { id: key, timeline, read } = state;
  const sequence = state.sequence + 1;
  const after = causesOf(key, read);
  const message = eventOf(type, data, { topic: topics.case, key, sequence, time: at, timeline, after });
  return {
    state: {
      ...updateReading(withOutcomes(withSharedTime(state, content), content), message),
      sequence,
      version: state.version + 1,
      lastEventAt: at,
    },
    messages: [...messages, message],
  };
}

/**
 * For an event that only one company reads, stores the time of the last event that all companies read. For any other event, removes the stored
 * time.
 */
function withSharedTime(state: CaseState, content: CaseEventContent): CaseState {
  if (onlyReaderOf(content) !== undefined) return { ...state, sharedAt: state.sharedAt ?? state.lastEventAt };
  if (state.sharedAt === undefined) return state;
  const { sharedAt: _, ...rest } = state;
  return rest;
}

/** Saves the outcomes that the event gives to the workarounds of the case. Almost every case has no known error. */
function withOutcomes(state: CaseState, content: CaseEventContent): CaseState {
  if (state.knownErrors === undefined) return state;
  return { ...state, knownErrors: afterCaseEvent(state.knownErrors, content, state.fixCode) };
}
