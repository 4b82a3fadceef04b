import type { CaseEvent, Instant, Message } from "@crossline/contracts";
import { isEnded, sightAfterCommand } from "@crossline/domain";
import { type Answer, type IdempotentRequest, keepAnswers } from "@crossline/idempotency";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { saveEnds } from "../store/case-parties.ts";
import { createSights } from "./sights.ts";
import { type CaseRow, insertCases, observeCases, updateCases } from "../store/cases.ts";
import { endHandlings } from "../store/dossier.ts";
import { type MergedPair, copyIdentities } from "../store/merging.ts";
import { createDossierRows } from "./dossier-rows.ts";

/** What one transaction writes, gathered while it decides, so that it goes to the database in one packet. */
export type Batch = ReturnType<typeof createBatch>;

export function createBatch(found: readonly CaseRow[]) {
  const cases = new Map<string, CaseRow>(found.map((row) => [row.state.id, row]));
  const opened = new Set<string>();
  const changed = new Set<string>();
  const moved = new Set<string>();
  const ended = new Map<string, Instant>();
  const messages: Message[] = [];
  const merged: MergedPair[] = [];
  const dossier = createDossierRows();
  const sights = createSights();
  const answered: { request: IdempotentRequest; answer: Answer }[] = [];

  return {
    /** What hangs on the cases. */
    dossier,

    /** A case as it is by now. */
    get: (id: string): CaseRow | undefined => cases.get(id),

    /** A new case. */
    open(row: CaseRow, told: readonly Message[]): void {
      cases.set(row.state.id, row);
      opened.add(row.state.id);
      messages.push(...told);
      dossier.identify(row.state);
    },

    /** A case moved on. At most one contact or entry is among what was told. */
    change(row: CaseRow, told: readonly CaseEvent[], digest?: Buffer): void {
      const { state, changes } = sightAfterCommand(cases.get(row.state.id)?.state ?? row.state, row.state);
      cases.set(state.id, { ...row, state });
      sights.add(state, changes);
      if (!opened.has(state.id)) changed.add(state.id);
      if (isEnded(state.status)) ended.set(state.id, state.endedAt ?? state.lastEventAt);
      messages.push(...told);
      for (const event of told) {
        if (event.type === "case.moved") moved.add(event.key);
        dossier.add(event, state, digest);
      }
    },

    /** Who looks for what the first is about finds the second from now on. */
    merge: (pair: MergedPair): void => void merged.push(pair),

    answer(request: IdempotentRequest, answer: Answer): void {
      answered.push({ request, answer });
    },

    /** Sends all of it, without waiting in between. */
    async save(tx: Tx): Promise<void> {
      const row = (id: string): CaseRow => cases.get(id) as CaseRow;
      await Promise.all([
        insertCases(tx, [...opened].map(row)),
        updateCases(
          tx,
          [...changed].map((id) => row(id).state),
        ),
        saveEnds(
          tx,
          found.map(({ state }) => state),
          [...changed].map((id) => row(id).state),
        ),
        observeCases(tx, [...moved].map(row)),
        dossier.save(tx),
        sights.save(tx),
        copyIdentities(tx, merged),
        endHandlings(
          tx,
          [...ended].map(([caseId, at]) => ({ caseId, at })),
        ),
        appendToOutbox(tx, messages),
        keepAnswers(tx, answered),
      ]);
    },
  };
}
