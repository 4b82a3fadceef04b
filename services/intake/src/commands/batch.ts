import type { CaseEvent, Instant, Message } from "@crossline/contracts";
import { type CaseState, isEnded } from "@crossline/domain";
import { type Answer, type IdempotentRequest, keepAnswers } from "@crossline/idempotency";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { type CaseRow, insertCases, updateCases } from "../store/cases.ts";
import {
  type ContactRow,
  type EntryRow,
  type HandlingChange,
  endHandlings,
  insertContacts,
  insertEntries,
  saveHandlings,
} from "../store/dossier.ts";

/** What one transaction writes, gathered while it decides, so that it goes to the database in one packet. */
export type Batch = ReturnType<typeof createBatch>;

export function createBatch(found: readonly CaseRow[]) {
  const cases = new Map<string, CaseRow>(found.map((row) => [row.state.id, row]));
  const opened = new Set<string>();
  const changed = new Set<string>();
  const ended = new Map<string, Instant>();
  const messages: Message[] = [];
  const contacts: ContactRow[] = [];
  const entries: EntryRow[] = [];
  const handlings = new Map<string, HandlingChange>();
  const answered: { request: IdempotentRequest; answer: Answer }[] = [];

  function addRows(event: CaseEvent, state: CaseState, digest: Buffer | undefined): void {
    const { key: caseId, time: at } = event;
    if (event.type === "case.contacted") contacts.push({ caseId, number: state.contacts, at, data: event.data });
    if (event.type === "entry.added") entries.push({ caseId, number: state.entries, at, data: event.data, digest });
    if (event.type !== "handling.started" && event.type !== "handling.continued" && event.type !== "handling.ended")
      return;
    const { data, sequence: number } = event;
    const startedAt = handlings.get(data.handlingId)?.startedAt ?? at;
    const endedAt = event.type === "handling.ended" ? at : undefined;
    handlings.set(data.handlingId, { caseId, number, data, startedAt, lastBeatAt: at, endedAt });
  }

  return {
    /** A case as it is by now. */
    get: (id: string): CaseRow | undefined => cases.get(id),

    /** A new case. */
    open(row: CaseRow, told: readonly Message[]): void {
      cases.set(row.state.id, row);
      opened.add(row.state.id);
      messages.push(...told);
    },

    /** A case moved on. At most one contact or entry is among what was told. */
    change(row: CaseRow, told: readonly CaseEvent[], digest?: Buffer): void {
      const { state } = row;
      cases.set(state.id, row);
      if (!opened.has(state.id)) changed.add(state.id);
      if (isEnded(state.status)) ended.set(state.id, state.endedAt ?? state.lastEventAt);
      messages.push(...told);
      for (const event of told) addRows(event, state, digest);
    },

    /** True where an entry of this batch says the same, and the party may see it. */
    says: (caseId: string, digest: Buffer, party: string): boolean =>
      entries.some(
        (row) =>
          row.caseId === caseId &&
          row.digest?.equals(digest) === true &&
          (row.data.audience !== "internal" || row.data.actor.party === party),
      ),

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
        insertContacts(tx, contacts),
        insertEntries(tx, entries),
        saveHandlings(tx, [...handlings.values()]),
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
