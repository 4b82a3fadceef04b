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
import { type MissingRow, type ProblemRow, insertMissing, insertProblems } from "../store/problems.ts";
import { createIdentityRows } from "./identity-rows.ts";

export type DossierRows = ReturnType<typeof createDossierRows>;

/** What hangs on the cases of a batch: gathered while it decides, written with it. */
export function createDossierRows() {
  const contacts: ContactRow[] = [];
  const entries: EntryRow[] = [];
  const handlings = new Map<string, HandlingChange>();
  const identities = createIdentityRows();
  const missing: MissingRow[] = [];
  const problems: ProblemRow[] = [];
  const maySee = ({ data }: EntryRow, party: string): boolean =>
    data.audience !== "internal" || data.actor.party === party;

  return {
    /** What an event leaves behind; `state` is the case's after it. */
    add(event: CaseEvent, state: CaseState, digest: Buffer | undefined): void {
      const { key: caseId, time: at } = event;
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
      if (event.type !== "handling.started" && event.type !== "handling.continued" && event.type !== "handling.ended")
        return;
      const { data, sequence } = event;
      const { startedAt = at, number = sequence } = handlings.get(data.handlingId) ?? {};
      const endedAt = event.type === "handling.ended" ? at : undefined;
      handlings.set(data.handlingId, { caseId, number, data, startedAt, lastBeatAt: at, endedAt });
    },

    /** Whose case was opened. */
    identify: (state: CaseState): void => identities.begin(state),

    /** Something that a line requires is missing from a case that is opened. */
    missing: (row: MissingRow): void => void missing.push(row),
    /** And has been so often that it is a problem. */
    problem: (row: ProblemRow): void => void problems.push(row),

    /** True where an entry says the same, and the party may see it. */
    says: (caseId: string, digest: Buffer, party: string): boolean =>
      entries.some((row) => row.caseId === caseId && row.digest?.equals(digest) === true && maySee(row, party)),

    /** The step that an entry has tried on this case, where the party may see it. */
    tries(caseId: string, key: string, party: string): LedgerEntry | undefined {
      const row = entries.findLast((one) => one.caseId === caseId && one.stepKey === key && maySee(one, party));
      if (row?.data.step === undefined) return undefined;
      const { entryId, actor, step } = row.data;
      const { party: by, person } = actor;
      return {
        entryId,
        caseId,
        party: by,
        at: formatInstant(row.at),
        outcome: step.outcome,
        ...(person !== undefined && { person }),
      };
    },

    /** Sends all of it, without waiting in between. */
    async save(tx: Tx): Promise<void> {
      await Promise.all([
        identities.save(tx),
        insertMissing(tx, missing),
        insertProblems(tx, problems),
        insertContacts(tx, contacts),
        insertEntries(tx, entries),
        saveHandlings(tx, [...handlings.values()]),
      ]);
    },
  };
}
