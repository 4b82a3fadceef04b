import type { ActionsPage } from "@crossline/contracts";
import { queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";
import type { LogSearch } from "./search.ts";

/** The number of rows that the screen shows at once. */
export const rowsPerPage = 100;

/**
 * One page of the action log, the oldest row first. Without a filter and without `after`, it is the last page, so a first request reads the
 * number of the last row.
 */
export const logQuery = (search: LogSearch) =>
  queryOptions({
    queryKey: ["log", search],
    // A read gets its row up to a second late. An earlier page changes no more.
    refetchInterval: search.after === undefined && 5_000,
    queryFn: async ({ signal }): Promise<ActionsPage> => {
      const { kind, person, operation } = search;
      const pageAfter = (after: number): Promise<ActionsPage> =>
        read<ActionsPage>(`/v1/actions${queryOf({ kind, person, operation, after, limit: rowsPerPage })}`, signal);
      const first = await pageAfter(search.after ?? 0);
      const isLast = search.after !== undefined || isFiltered(search) || first.next === undefined;
      return isLast ? first : pageAfter(Math.max(0, (first.head?.number ?? 0) - rowsPerPage));
    },
  });

/** Returns true if the search leaves rows out. */
export function isFiltered({ kind, person, operation }: LogSearch): boolean {
  return (kind ?? person ?? operation) !== undefined;
}
