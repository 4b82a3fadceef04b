import type { Actor, Instant } from "@crossline/contracts";
import { linkEntry } from "../dossier/chain.ts";
import { type CaseDecision, tellCase } from "./case.ts";

/** Writes a decision into the dossier, for both companies: numbered, and chained to the entry before. It is no progress. */
export function writeDown(
  decision: CaseDecision,
  { actor, entryId, text }: { readonly actor: Actor; readonly entryId: string; readonly text: string },
  at: Instant,
): CaseDecision {
  const { state } = decision;
  const data = { actor, entryId, kind: "decision", audience: "partners", by: "party", news: false, text } as const;
  const link = linkEntry(state.id, at, data, state);
  const written = tellCase(decision, at, { type: "entry.added", data: { ...data, ...link } });
  return { ...written, state: { ...written.state, entries: link.number, chain: link.hash } };
}
