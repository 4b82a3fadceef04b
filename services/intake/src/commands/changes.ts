import type { CaseEvent, EventData, Instant, Message } from "@crossline/contracts";
import { type CaseState, type DueTask, isEnded, accessAfterCommand, incidentTasksOf } from "@crossline/domain";
import { type CommandResponse, type IdempotentRequest, saveResponses } from "@crossline/idempotency";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { saveEnds } from "../store/case-parties.ts";
import { type CaseRow, insertCases, observeCases, updateCases } from "../store/cases.ts";
import { endHandlings } from "../store/dossier.ts";
import { type MergedPair, copyIdentities } from "../store/merging.ts";
import { createDossierRows } from "./dossier-rows.ts";
import { createAccessChanges } from "./access-changes.ts";
import type { InboundMailRows } from "./inbound-mail.ts";
import { type LinkChange, saveLinks } from "../store/change-effects.ts";
import { insertMailAttachments } from "../store/mail-attachments.ts";
import { insertMails } from "../store/mails.ts";
import { insertTasks } from "../store/tasks.ts";

/**
 * The changes of one unit of work. The unit of work collects its changes while it decides its requests, and then saves all changes in
 * one packet.
 */
export type Changes = ReturnType<typeof createChanges>;

/** Creates an empty set of changes. `stored` contains the cases that the unit of work has locked. */
export function createChanges(stored: readonly CaseRow[]) {
  const cases = new Map<string, CaseRow>(stored.map((row) => [row.state.id, row]));
  const opened = new Set<string>();
  const changed = new Set<string>();
  const moved = new Set<string>();
  const ended = new Map<string, Instant>();
  const messages: Message[] = [];
  const merged: MergedPair[] = [];
  const mails: InboundMailRows[] = [];
  const links: LinkChange[] = [];
  const dossier = createDossierRows();
  const access = createAccessChanges();
  const tasks: DueTask[] = [];
  const responses: { request: IdempotentRequest; response: CommandResponse }[] = [];

  return {
    /** Collects the rows of dossiers, handlings, identities and problems. */
    dossier,

    /** Returns a case with the changes that have been collected so far. */
    get: (id: string): CaseRow | undefined => cases.get(id),

    /** Adds a new case and the events of its opening. */
    open(row: CaseRow, events: readonly CaseEvent[]): void {
      tasks.push(...incidentTasksOf(undefined, { state: row.state, messages: events }));
      cases.set(row.state.id, row);
      opened.add(row.state.id);
      messages.push(...events);
      links.push(...linksIn(events, row.state));
      dossier.open(row.state, events);
    },

    /**
     * Replaces a case by its changed state and adds the events. At most one of the events is a contact or an entry. If an event adds an
     * entry, `digest` is the digest of the entry.
     */
    change(row: CaseRow, events: readonly CaseEvent[], digest?: Buffer): void {
      const before = cases.get(row.state.id)?.state ?? row.state;
      tasks.push(...incidentTasksOf(before, { state: row.state, messages: events }));
      const { state, changes } = accessAfterCommand(before, row.state);
      cases.set(state.id, { ...row, state });
      access.add(state, changes);
      if (!opened.has(state.id)) changed.add(state.id);
      if (isEnded(state.status)) ended.set(state.id, state.endedAt ?? state.lastEventAt);
      messages.push(...events);
      links.push(...linksIn(events, state));
      for (const event of events) {
        if (event.type === "case.moved") moved.add(event.key);
        dossier.add(event, state, digest);
      }
    },

    /** Adds a merge: `save` copies the identities of the source case to the target case. */
    merge: (pair: MergedPair): void => void merged.push(pair),

    /** Adds a mail of a customer, with its files. */
    addMail: (rows: InboundMailRows): void => void mails.push(rows),

    /** Adds the response, which `save` stores for repeated requests. */
    respond: (request: IdempotentRequest, response: CommandResponse): void =>
      void responses.push({ request, response }),

    /** Saves all changes. Intake sends all statements without a wait between them. */
    async save(tx: Tx): Promise<void> {
      const rowsOf = (ids: ReadonlySet<string>): CaseRow[] => [...ids].map((id) => cases.get(id) as CaseRow);
      const states = rowsOf(changed).map(({ state }) => state);
      const before = stored.map(({ state }) => state);
      const ends = [...ended].map(([caseId, at]) => ({ caseId, at }));
      await Promise.all([
        insertCases(tx, rowsOf(opened)),
        updateCases(tx, states),
        saveEnds(tx, before, states),
        observeCases(tx, rowsOf(moved)),
        dossier.save(tx),
        access.save(tx),
        copyIdentities(tx, merged),
        saveMails(tx, mails),
        endHandlings(tx, ends),
        saveLinks(tx, links),
        insertTasks(tx, tasks),
        appendToOutbox(tx, messages),
        saveResponses(tx, responses),
      ]);
    },
  };
}

async function saveMails(tx: Tx, mails: readonly InboundMailRows[]): Promise<void> {
  const attachments = mails.flatMap((rows) => rows.attachments);
  await Promise.all([
    insertMails(
      tx,
      mails.map(({ mail }) => mail),
    ),
    insertMailAttachments(tx, attachments),
  ]);
}

/** Returns the links of a case to changes that events add or remove. */
function linksIn(events: readonly Message[], { id: caseId, openedAt }: CaseState): LinkChange[] {
  return events
    .filter(({ type }) => type === "change.linked" || type === "change.unlinked")
    .map(({ type, data }) => {
      const { changeId } = data as EventData<"change.linked" | "change.unlinked">;
      return { changeId, caseId, openedAt, isLinked: type === "change.linked" };
    });
}
