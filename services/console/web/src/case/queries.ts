import type {
  CaseHandoffs,
  ClockHistoryResponse,
  Delivery,
  PresentedCase,
  PresentedContact,
  PresentedEntry,
  PresentedHandling,
  PresentedMessage,
} from "@crossline/contracts";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";

const listMax = 10;

/** The key of everything that the screen has read about a case. */
export const caseKey = (id: string) => ["case", id] as const;

const markEveryMs = 2_000;

/**
 * The case with its next deadline. Its field `at` is the now of its timeline. A vendor may not read the stepped timeline of a carrier, so the
 * case is read again and again until the mark moves.
 */
export const caseQuery = (id: string) =>
  queryOptions({
    queryKey: [...caseKey(id), "head"],
    // The id is from the address, and could lead to another resource.
    queryFn: ({ signal }) => read<PresentedCase>(`/v1/cases/${encodeURIComponent(id)}?include=nextDue`, signal),
    refetchInterval: ({ state }) => (state.data === undefined || state.data.timeline === "wall" ? false : markEveryMs),
  });

/** Every clock that the case has had, as of an instant or as of now. While another instant is read, the last one stays. */
export const clockHistoryQuery = (id: string, at?: string) =>
  queryOptions({
    queryKey: [...caseKey(id), "clock-history", at ?? "now"],
    queryFn: ({ signal }) => read<ClockHistoryResponse>(`/v1/cases/${id}/clock-history${queryOf({ at })}`, signal),
    placeholderData: keepPreviousData,
  });

/** The hand-offs of the case. */
export const handoffsQuery = (id: string) =>
  queryOptions({
    queryKey: [...caseKey(id), "handoffs"],
    queryFn: ({ signal }) => read<CaseHandoffs>(`/v1/cases/${id}/handoffs`, signal),
  });

/** The entries of the dossier. */
export const entriesQuery = (id: string) => listQuery<PresentedEntry>(id, "entries");

/** The contacts with the customer. */
export const contactsQuery = (id: string) => listQuery<PresentedContact>(id, "contacts");

/** The live work with the customer. */
export const handlingsQuery = (id: string) => listQuery<PresentedHandling>(id, "handlings");

/** The messages to the customer. */
export const messagesQuery = (id: string) => listQuery<PresentedMessage>(id, "messages");

/** The newest deliveries of notification about the case. */
export const deliveriesQuery = (id: string) =>
  queryOptions({
    queryKey: [...caseKey(id), "deliveries"],
    queryFn: ({ signal }) =>
      read<{ readonly items: readonly Delivery[]; readonly next?: string }>(
        `/v1/deliveries${queryOf({ case: id, limit: 100 })}`,
        signal,
      ),
  });

type ResultPage<Item> = { readonly items: readonly Item[]; readonly next?: string };

/** A list that belongs to the case, the oldest item first. `isCut` is true if the list is longer than the screen reads. */
type CaseList<Item> = { readonly items: readonly Item[]; readonly isCut: boolean };

function listQuery<Item>(id: string, name: "entries" | "contacts" | "handlings" | "messages") {
  return queryOptions({
    queryKey: [...caseKey(id), name],
    queryFn: async ({ signal }): Promise<CaseList<Item>> => {
      const items: Item[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < listMax; page += 1) {
        const result = await read<ResultPage<Item>>(
          `/v1/cases/${id}/${name}${queryOf({ cursor, limit: 100 })}`,
          signal,
        );
        items.push(...result.items);
        cursor = result.next;
        if (cursor === undefined) break;
      }
      return { items, isCut: cursor !== undefined };
    },
  });
}
