import { type CaseEvent, type Instant, type Message, type Subject, formatInstant } from "@crossline/contracts";
import {
  type CaseState,
  type Tried,
  deviceIdentities,
  hashIdentity,
  identitiesOf,
  isEnded,
  stepKey,
} from "@crossline/domain";
import { type Answer, type IdempotentRequest, keepAnswers } from "@crossline/idempotency";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { type CaseRow, insertCases, observeCases, updateCases } from "../store/cases.ts";
import { type IdentityRow, insertIdentities } from "../store/identities.ts";
import { type MissingRow, type ProblemRow, insertMissing, insertProblems } from "../store/problems.ts";
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
  const identities: IdentityRow[] = [];
  const missing: MissingRow[] = [];
  const problems: ProblemRow[] = [];
  const moved = new Set<string>();
  const answered: { request: IdempotentRequest; answer: Answer }[] = [];

  function addRows(event: CaseEvent, state: CaseState, digest: Buffer | undefined): void {
    const { key: caseId, time: at } = event;
    if (event.type === "case.contacted") {
      contacts.push({ caseId, number: state.contacts, at, data: event.data });
      if (event.data.subject !== undefined) identities.push(...identityRows(state, event.data.subject));
    }
    if (event.type === "case.moved") moved.add(caseId);
    if (event.type === "entry.added") {
      const { step } = event.data;
      const key = step === undefined ? undefined : stepKey(step);
      entries.push({ caseId, number: state.entries, at, data: event.data, digest, stepKey: key });
    }
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
      if (row.state.subject !== undefined) identities.push(...identityRows(row.state, row.state.subject));
    },

    /** Something that a line requires is missing from a case that is opened. */
    missing: (row: MissingRow): void => void missing.push(row),
    /** And has been so often that it is a problem. */
    problem: (row: ProblemRow): void => void problems.push(row),

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

    /** The step that an entry of this batch has tried on this case, where the party may see it. */
    tries(caseId: string, key: string, party: string): Tried | undefined {
      const row = entries.findLast(
        ({ caseId: its, stepKey: tried, data }) =>
          its === caseId && tried === key && (data.audience !== "internal" || data.actor.party === party),
      );
      if (row?.data.step === undefined) return undefined;
      const { entryId, actor, step } = row.data;
      return { entryId, caseId, party: actor.party, at: formatInstant(row.at), outcome: step.outcome };
    },

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
        observeCases(tx, [...moved].map(row)),
        insertIdentities(tx, identities),
        insertMissing(tx, missing),
        insertProblems(tx, problems),
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

function identityRows({ id: caseId, timeline, carrier }: CaseState, subject: Subject): IdentityRow[] {
  const ofDevice = new Set(deviceIdentities(subject));
  return identitiesOf(subject).map((identity) => ({
    timeline,
    carrier,
    caseId,
    identity: hashIdentity(identity),
    ofDevice: ofDevice.has(identity),
  }));
}
