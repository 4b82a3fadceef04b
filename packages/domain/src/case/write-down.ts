import type { Actor, EntryKind, EntryOf, Instant } from "@crossline/contracts";
import { type CaseDecision, tellCase } from "./case.ts";
import { placeEntry, withEntry } from "./chains.ts";

/** What is written down, by whom; `of`: the fact whose words it has. */
type Written = {
  readonly actor: Actor;
  readonly entryId: string;
  readonly text: string;
  readonly kind?: EntryKind;
  readonly of?: EntryOf;
};

/** Writes a decision into the dossier, for both companies: numbered, and chained to the entry before. It is no progress. */
export function writeDown(decision: CaseDecision, written: Written, at: Instant): CaseDecision {
  const { state } = decision;
  const { actor, entryId, text, kind = "decision", of } = written;
  const told = { actor, entryId, kind, audience: "partners", by: "party", news: false, text } as const;
  const data = of === undefined ? told : { ...told, of };
  const place = placeEntry(state, at, data);
  const next = tellCase(decision, at, { type: "entry.added", data: { ...data, ...place } });
  return { ...next, state: withEntry(next.state, place, actor.party, at) };
}
