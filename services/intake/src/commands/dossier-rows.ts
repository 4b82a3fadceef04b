import { type CaseEvent, formatInstant } from "@crossline/contracts";
import { type CaseState, type LedgerEntry, stepKey } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import {
  type ContactRow,
  type EntryRow,
  type HandlingChange,
  insertContacts,
  insertEntries,
  saveHandlings,
} from "../store/dossier.ts";
import { type MessageChangeRow, insertMessageChanges } from "../store/messages.ts";
import { type MissingRow, insertMissing } from "../store/missing-items.ts";
import { createIdentityRows } from "./identity-rows.ts";
import { createProblemRows } from "./problem-rows.ts";

/** The new rows of dossiers, handlings, identities and problems that one batch adds. */
export type DossierRows = ReturnType<typeof createDossierRows>;

/**
 * Creates an empty collection of rows. While intake decides a batch, it adds the rows of the batch's cases to this collection.
 * `save` stores the collected rows in the transaction that stores the cases.
 */
export function createDossierRows() {
  const contacts: ContactRow[] = [];
  const entries: EntryRow[] = [];
  const handlings = new Map<string, HandlingChange>();
  const identities = createIdentityRows();
  const messageChanges: MessageChangeRow[] = [];
  const missing: MissingRow[] = [];
  const problems = createProblemRows();
  const maySee = ({ data }: EntryRow, party: string): boolean =>
    data.audience !== "internal" || data.actor.party === party;

  return {
    /** Collects the rows about problems. */
    problems,

    /** Adds the rows of an event. `state` is the state of the case after the event. */
    add(event: CaseEvent, state: CaseState, digest: Buffer | undefined): void {
      const { key: caseId, time: at } = event;
      problems.add(event, state);
      if (event.type === "case.contacted") {
        contacts.push({ caseId, number: state.contacts, at, data: event.data });
        const { subject, actor } = event.data;
        if (subject !== undefined) identities.learn(state, subject, actor.party);
      }
      if (event.type === "entry.added") {
        const { step } = event.data;
        const key = step === undefined ? undefined : stepKey(step);
        const { subject, audience, actor, number = state.entries } = event.data;
        entries.push({ caseId, number, place: event.sequence, at, data: event.data, digest, stepKey: key });
        if (subject !== undefined && audience !== "internal") identities.learn(state, subject, actor.party);
      }
      if (event.type === "case.corrected" && event.data.subject !== undefined)
        identities.correct(state, event.data.subject);
      const messageId = messageIdOf(event);
      if (messageId !== undefined)
        messageChanges.push({ caseId, place: event.sequence, messageId, at, ...event } as MessageChangeRow);
      if (event.type !== "handling.started" && event.type !== "handling.continued" && event.type !== "handling.ended")
        return;
      const { data, sequence } = event;
      const { startedAt = at, number = sequence } = handlings.get(data.handlingId) ?? {};
      const endedAt = event.type === "handling.ended" ? at : undefined;
      handlings.set(data.handlingId, { caseId, number, data, startedAt, lastBeatAt: at, endedAt });
    },

    /** Adds the rows of a new case: its identities, and those that the events of its opening cause. */
    open(state: CaseState, events: readonly CaseEvent[]): void {
      identities.begin(state);
      for (const event of events) problems.add(event, state);
    },

    /** Adds a required item that an opened case lacks. */
    missing: (row: MissingRow): void => void missing.push(row),

    /** Returns true if the batch contains an entry with this digest and the party may read that entry. */
    says: (caseId: string, digest: Buffer, party: string): boolean =>
      entries.some((row) => row.caseId === caseId && row.digest?.equals(digest) === true && maySee(row, party)),

    /** Returns the last tried step of the batch with this key, or undefined. Skips entries that the party may not read. */
    tries(caseId: string, key: string, party: string): LedgerEntry | undefined {
      const row = entries.findLast((entry) => entry.caseId === caseId && entry.stepKey === key && maySee(entry, party));
      return row === undefined ? undefined : attemptOf(row);
    },

    /** Saves all rows. Intake sends all statements without a wait between them. */
    async save(tx: Tx): Promise<void> {
      await Promise.all([
        identities.save(tx),
        insertMissing(tx, missing),
        insertContacts(tx, contacts),
        insertEntries(tx, entries),
        insertMessageChanges(tx, messageChanges),
        saveHandlings(tx, [...handlings.values()]),
        // After the missing items, because a new problem gets the cases that lacked its item.
        problems.save(tx),
      ]);
    },
  };
}

/** Returns the attempt at the tried step of an entry; undefined for an entry without a tried step. */
function attemptOf({ caseId, at, data: { entryId, actor, step } }: EntryRow): LedgerEntry | undefined {
  if (step === undefined) return undefined;
  const { party, person } = actor;
  const { outcome } = step;
  return { entryId, caseId, party, at: formatInstant(at), outcome, ...(person !== undefined && { person }) };
}

/** Returns the outbound message that an event changes; undefined if the event changes none. */
function messageIdOf({ type, data }: CaseEvent): string | undefined {
  if (type === "case.contacted") return data.messageId;
  return type.startsWith("message.") && "messageId" in data ? data.messageId : undefined;
}
