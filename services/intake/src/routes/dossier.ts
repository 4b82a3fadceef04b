import {
  type PresentedContact,
  type PresentedEntry,
  type PresentedHandling,
  type Refusal,
  contactResultPage,
  entryResultPage,
  formatInstant,
  handlingResultPage,
  listOfCaseQuery,
} from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Caller, type FastifyReply, type Http, callerOf, isRefusal, send } from "@crossline/service";
import {
  type EntryPlace,
  type ListedContact,
  type ListedEntry,
  type ListedHandling,
  listContacts,
  listEntries,
  listHandlings,
} from "../store/dossier-lists.ts";
import { onlyChain, sharedChain } from "../store/dossier.ts";
import {
  entryCursor,
  handlingCursor,
  numberCursor,
  readEntryCursor,
  readHandlingCursor,
  readNumberCursor,
} from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { lastBeatOf } from "../responses/present-case.ts";
import type { VisibleCase } from "./read-case.ts";
import { caseParams, readVisible } from "./visible-case.ts";

type ListRequest = {
  readonly id: string;
  readonly caller: Caller;
  readonly reply: FastifyReply<any, any, any, any, any, any, any>;
  readonly query: { cursor?: string | undefined; limit: number };
};

/** The functions for one list of a case: they read the cursor, load the rows, present a row, and create the next cursor. */
type DossierList<Row, Item, After> = {
  readonly after: (cursor: string | undefined) => After | Refusal;
  readonly load: (page: { caseId: string; after: After; limit: number }, visible: VisibleCase) => Promise<Row[]>;
  readonly present: (row: Row) => Item;
  readonly cursor: (rows: readonly Row[], after: After) => string;
};

/** Serves three lists of a case, each oldest first: contacts, entries and handlings. */
export function serveDossier(http: Http, deps: RouteDeps): void {
  const { database } = deps;
  async function list<Row, Item, After>(
    { id, caller, reply, query: { cursor, limit } }: ListRequest,
    rowsOf: DossierList<Row, Item, After>,
  ): Promise<{ items: Item[]; next?: string } | Refusal> {
    const after = rowsOf.after(cursor);
    if (isRefusal(after)) return after;
    const visible = await readVisible(deps, id, caller, reply);
    if (isRefusal(visible)) return visible;
    const rows = await rowsOf.load({ caseId: id, after, limit: limit + 1 }, visible);
    const shown = rows.slice(0, limit);
    return {
      items: shown.map(rowsOf.present),
      ...(rows.length > limit && { next: rowsOf.cursor(shown, after) }),
    };
  }
  const listed = { params: caseParams, querystring: listOfCaseQuery };

  http.get(
    "/v1/cases/:id/contacts",
    {
      schema: {
        operationId: "listContacts",
        summary: "List the contacts with the customer",
        ...listed,
        response: { 200: contactResultPage },
      },
    },
    async (request, reply) => {
      const { query, params } = request;
      const listRequest = { ...params, query, caller: callerOf(request), reply };
      return send(reply, 200, await list(listRequest, contactsIn(database)));
    },
  );
  http.get(
    "/v1/cases/:id/entries",
    {
      schema: {
        operationId: "listEntries",
        summary: "List the entries of the dossier; internal entries are only for their author's company",
        ...listed,
        response: { 200: entryResultPage },
      },
    },
    async (request, reply) => {
      const { query, params } = request;
      const caller = callerOf(request);
      return send(reply, 200, await list({ ...params, query, caller, reply }, entriesIn(database, caller.party)));
    },
  );
  http.get(
    "/v1/cases/:id/handlings",
    {
      schema: {
        operationId: "listHandlings",
        summary: "List the handlings of the case",
        ...listed,
        response: { 200: handlingResultPage },
      },
    },
    async (request, reply) => {
      const { query, params } = request;
      const listRequest = { ...params, query, caller: callerOf(request), reply };
      return send(reply, 200, await list(listRequest, handlingsIn(database)));
    },
  );
}

function contactsIn(database: Database): DossierList<ListedContact, PresentedContact, number> {
  return {
    after: readNumberCursor,
    load: async (page, { state, isEndedView }) => [
      ...(page.after === 0 ? [openingContact(state)] : []),
      ...(await listContacts(database, { ...page, ...(isEndedView && { last: state.contacts }) })),
    ],
    present: presentContact,
    cursor: (rows) => numberCursor(rows.at(-1)?.number ?? 0),
  };
}

/**
 * Returns the functions for the list of the entries that a company may read. The cursor contains two numbers: the last entry read in
 * the shared chain, and the last entry read in the company's internal chain.
 */
function entriesIn(database: Database, party: string): DossierList<ListedEntry, PresentedEntry, EntryPlace> {
  return {
    after: readEntryCursor,
    load: (page, { state, isEndedView }) =>
      listEntries(database, party, { ...page, ...(isEndedView && { last: endsOf(state, party) }) }),
    present: presentEntry,
    cursor: (rows, { shared, internal }) =>
      entryCursor({
        shared: rows.findLast(({ chain }) => chain !== party)?.number ?? shared,
        internal: rows.findLast(({ chain }) => chain === party)?.number ?? internal,
      }),
  };
}

/** Returns the number of the last entry in each of the two chains that a company reads. */
function endsOf({ entries, chains }: CaseState, party: string): EntryPlace {
  return { shared: entries, internal: chains?.[party]?.entries ?? 0 };
}

function handlingsIn(database: Database): DossierList<ListedHandling, PresentedHandling, string> {
  return {
    after: readHandlingCursor,
    load: async (page, visible) => {
      if (!visible.isEndedView) return listHandlings(database, page);
      const rows = await listHandlings(database, { ...page, last: visible.state.sequence });
      return rows.flatMap((row) => handlingAsOf(row, visible));
    },
    present: presentHandling,
    cursor: (rows) => handlingCursor(rows.at(-1)?.id ?? ""),
  };
}

/** Returns the opening of a case as a contact. The opening is always the first contact. */
export function openingContact(state: CaseState): ListedContact {
  const { id, channel, carrier, openedAt, subject = null } = state;
  const author = { party: carrier, automated: false };
  return {
    number: 1,
    id: `${id}-opening`,
    at: openedAt,
    author,
    channel,
    direction: "inbound",
    content: "inquiry",
    subject,
  };
}

/** Returns a contact as the API presents it. */
export function presentContact({ at, subject, ...rest }: ListedContact): PresentedContact {
  return { ...rest, at: formatInstant(at), ...(subject !== null && { subject }) };
}

/** Returns the name of an entry's chain, or an empty object if the case has only one chain. */
export function presentedChain({ chain }: Pick<ListedEntry, "chain">): Pick<PresentedEntry, "chain"> {
  if (chain === onlyChain) return {};
  return { chain: chain === sharedChain ? "shared" : "internal" };
}

function presentEntry(row: ListedEntry): PresentedEntry {
  const { at, text, step, fact, subject, attachment, repeats, of, hash, previous: _, chain: __, ...rest } = row;
  return {
    ...rest,
    ...presentedChain(row),
    at: formatInstant(at),
    ...(text !== null && { text }),
    ...(step !== null && { step }),
    ...(fact !== null && { fact }),
    ...(attachment !== null && { attachment }),
    ...(repeats !== null && { repeats }),
    ...(of !== null && { of }),
    ...(hash !== null && { hash }),
    ...(subject !== null && { subject }),
  };
}

/**
 * Returns a handling as of the ended view. Shows a handling that ended after the vendor's part as live, and omits a handling
 * that started after the vendor's part.
 */
function handlingAsOf(row: ListedHandling, { state, at }: VisibleCase): ListedHandling[] {
  const live = state.handlings.find(({ id }) => id === row.id);
  if (live !== undefined) return [{ ...row, lastBeatAt: lastBeatOf(live), endedAt: null }];
  return row.startedAt > at ? [] : [row];
}

function presentHandling({ person, startedAt, lastBeatAt, endedAt, ...rest }: ListedHandling): PresentedHandling {
  return {
    ...rest,
    ...(person !== null && { person }),
    startedAt: formatInstant(startedAt),
    lastBeatAt: formatInstant(lastBeatAt),
    ...(endedAt !== null && { endedAt: formatInstant(endedAt) }),
  };
}
