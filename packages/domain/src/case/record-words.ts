import { type EventOf, type Instant, derivedId, topicNoun, topics } from "@crossline/contracts";
import { type WordedEvent, wordsOf } from "../handoff/words.ts";
import type { CaseDecision } from "./case.ts";
import { sharedSequence } from "./chains.ts";
import { recordDecision } from "./record-decision.ts";

type RecordedWordsEvent = WordedEvent & Pick<EventOf<"handoff.offered">, "key" | "sequence"> & { topic: string };

/**
 * Records the texts of an event as an entry of the case, once per event. The actor of the event is also the author of the
 * entry. Only the event counts as a sign of life, so the entry is marked as automated. The field `of` of the entry names the
 * event.
 */
export function recordWords(decision: CaseDecision, event: RecordedWordsEvent, at: Instant): CaseDecision {
  const eventWords = wordsOf(event);
  if (eventWords === undefined) return decision;
  const { key, topic, data } = event;
  // Every company reads the entry, so its sequence must not reveal the number of internal entries.
  const sequence = topic === topics.case ? sharedSequence(decision.state, event.sequence) : event.sequence;
  const noun = topicNoun(topic);
  const entryId = derivedId("en", key, noun, sequence);
  const actor = { ...data.actor, automated: true };
  return recordDecision(decision, { actor, entryId, ...eventWords, of: { topic, sequence } }, at);
}

/** Records the texts of the last event of this type in the decision. */
export function recordOwnWords(
  decision: CaseDecision,
  type: "crossing.requested" | "case.reopened",
  at: Instant,
): CaseDecision {
  const event = decision.messages.findLast((message) => message.type === type);
  return event === undefined ? decision : recordWords(decision, event as RecordedWordsEvent, at);
}
