import { type EventOf, type Instant, derivedId, topicNoun, topics } from "@crossline/contracts";
import { type WordedEvent, wordsOf } from "../handoff/words.ts";
import type { CaseDecision } from "./case.ts";
import { sharedSequence } from "./chains.ts";
import { recordDecision } from "./record-decision.ts";

type RecordedWordsEvent = WordedEvent & Pick<EventOf<"handoff.offered">, "key" | "sequence"> & { topic: string };

/**
 * Writes the words of a fact into the dossier of its case, once for each fact. Its author is the fact's; a program records it, so
 * it is no second sign of life. By `of` a reader that knows the event sees that the entry repeats it.
 */
export function recordWords(decision: CaseDecision, fact: RecordedWordsEvent, at: Instant): CaseDecision {
  const words = wordsOf(fact);
  if (words === undefined) return decision;
  const { key, topic, data } = fact;
  // Every company reads these words: a number that counts internal entries in would say how many there are.
  const sequence = topic === topics.case ? sharedSequence(decision.state, fact.sequence) : fact.sequence;
  const noun = topicNoun(topic);
  const entryId = derivedId("en", key, noun, sequence);
  const actor = { ...data.actor, automated: true };
  return recordDecision(decision, { actor, entryId, ...words, of: { topic, sequence } }, at);
}

/** The same for an event of the decision itself: the last one of its type. */
export function recordOwnWords(
  decision: CaseDecision,
  type: "crossing.requested" | "case.reopened",
  at: Instant,
): CaseDecision {
  const fact = decision.messages.findLast((message) => message.type === type);
  return fact === undefined ? decision : recordWords(decision, fact as RecordedWordsEvent, at);
}
