import {
  type PresentedContact,
  type PresentedEntry,
  type PresentedHandling,
  type Refusal,
  contactPage,
  entryPage,
  formatInstant,
  handlingPage,
  listOfCaseQuery,
} from "@crossline/contracts";
import type { CaseState } from "@crossline/domain";
import { type Caller, type Http, callerOf, isRefusal, send } from "@crossline/service";
import {
  type DossierPage,
  type ListedContact,
  type ListedEntry,
  type ListedHandling,
  listContacts,
  listEntries,
  listHandlings,
} from "../store/dossier-lists.ts";
import { numberCursor, readNumberCursor } from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { lastBeatOf } from "./present-case.ts";
import type { SeenCase } from "./read-case.ts";
import { caseParams, findVisible } from "./visible-case.ts";

type Asked = {
  readonly id: string;
  readonly caller: Caller;
  readonly query: { cursor?: string | undefined; limit: number };
};
type Numbered = { readonly number: number };

/** The lists that hang on a case, oldest first. */
export function serveDossier(http: Http, { database }: RouteDeps): void {
  async function list<Row extends Numbered, Item>(
    { id, caller, query: { cursor, limit } }: Asked,
    load: (page: DossierPage, seen: SeenCase) => Promise<Row[]>,
    present: (row: Row) => Item,
  ): Promise<{ items: Item[]; next?: string } | Refusal> {
    const after = readNumberCursor(cursor);
    if (isRefusal(after)) return after;
    const found = await findVisible(database, id, caller);
    if (isRefusal(found)) return found;
    const rows = await load({ caseId: id, after, limit: limit + 1 }, found);
    const last = rows[limit - 1];
    const next = rows.length > limit && last !== undefined ? { next: numberCursor(last.number) } : {};
    return { items: rows.slice(0, limit).map(present), ...next };
  }
  const tags = ["cases"];
  const asked = { params: caseParams, querystring: listOfCaseQuery };

  http.get(
    "/v1/cases/:id/contacts",
    { schema: { summary: "The contacts with the customer", tags, ...asked, response: { 200: contactPage } } },
    async (request, reply) => {
      const { query, params } = request;
      const load = async (page: DossierPage, { state, isOver }: SeenCase) => [
        ...(page.after === 0 ? [openingContact(state)] : []),
        ...(await listContacts(database, { ...page, ...(isOver && { last: state.contacts }) })),
      ];
      return send(reply, 200, await list({ ...params, query, caller: callerOf(request) }, load, presentContact));
    },
  );
  http.get(
    "/v1/cases/:id/entries",
    {
      schema: {
        summary: "The dossier: internal entries are for their author's company alone",
        tags,
        ...asked,
        response: { 200: entryPage },
      },
    },
    async (request, reply) => {
      const { query, params } = request;
      const caller = callerOf(request);
      const found = await list(
        { ...params, query, caller },
        (page, { state, isOver }) =>
          listEntries(database, caller.party, { ...page, ...(isOver && { last: state.entries }) }),
        presentEntry,
      );
      return send(reply, 200, found);
    },
  );
  http.get(
    "/v1/cases/:id/handlings",
    { schema: { summary: "Who worked live with the customer", tags, ...asked, response: { 200: handlingPage } } },
    async (request, reply) => {
      const { query, params } = request;
      const found = await list(
        { ...params, query, caller: callerOf(request) },
        async (page, seen) => {
          if (!seen.isOver) return listHandlings(database, page);
          const rows = await listHandlings(database, { ...page, last: seen.state.sequence });
          return rows.flatMap((row) => handlingAsOf(row, seen));
        },
        presentHandling,
      );
      return send(reply, 200, found);
    },
  );
}

/** The opening of a case is its first contact. */
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

export function presentContact({ at, subject, ...rest }: ListedContact): PresentedContact {
  return { ...rest, at: formatInstant(at), ...(subject !== null && { subject }) };
}

function presentEntry(row: ListedEntry): PresentedEntry {
  const { at, text, step, fact, subject, attachment, repeats, of, hash, ...rest } = row;
  return {
    ...rest,
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

/** A handling as it was at a vendor's end: one that has ended since was live, and one that began since is left out. */
function handlingAsOf(row: ListedHandling, { state, at }: SeenCase): ListedHandling[] {
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
