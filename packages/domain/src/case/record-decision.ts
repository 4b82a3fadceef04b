import type { Actor, EntryKind, EntryOf, Instant } from "@crossline/contracts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseDecision } from "./case.ts";
import { placeEntry, withEntry } from "./chains.ts";

/** The text and the author of an entry. The field `of` names the event from which the text comes. */
type WordedEntry = {
  readonly actor: Actor;
  readonly entryId: string;
  readonly text: string;
  readonly kind?: EntryKind;
  readonly of?: EntryOf;
};

/** Records an entry for all companies of the case, in the shared chain. The entry does not count as progress. */
export function recordDecision(decision: CaseDecision, entry: WordedEntry, at: Instant): CaseDecision {
  const { state } = decision;
  const { actor, entryId, text, kind = "decision", of } = entry;
  const entryData = { actor, entryId, kind, audience: "partners", by: "party", news: false, text } as const;
  const data = { ...entryData, ...(of !== undefined && { of }) };
  const place = placeEntry(state, at, data);
  const next = appendCaseEvent(decision, at, { type: "entry.added", data: { ...data, ...place } });
  return { ...next, state: withEntry(next.state, place, actor.party, at) };
}
