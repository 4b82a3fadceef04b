import type { ChangePage, ChangedCasePage, DetailedChange } from "@crossline/contracts";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";

/** The key of everything that the screens have read about changes. */
export const changesKey = ["changes"] as const;

const openMax = 100;
const pageSize = 50;
/** A receipt of another company is on no stream. */
const againMs = 10_000;

/** The changes that the company must still confirm, or that another company must confirm. */
export const openReceiptsQuery = (timeline: string) =>
  queryOptions({
    queryKey: [...changesKey, timeline, "open"],
    queryFn: ({ signal }) =>
      read<ChangePage>(`/v1/changes${queryOf({ timeline, receipt: "open", limit: openMax })}`, signal),
    refetchInterval: againMs,
  });

/** All changes that the company announced or that affect it, newest first. */
export const allChangesQuery = (timeline: string) =>
  infiniteQueryOptions({
    queryKey: [...changesKey, timeline, "all"],
    queryFn: ({ signal, pageParam: cursor }) =>
      read<ChangePage>(`/v1/changes${queryOf({ timeline, cursor, limit: pageSize })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: againMs,
  });

/** One change. The id is from the address, and could lead to another resource. */
export const changeQuery = (id: string) =>
  queryOptions({
    queryKey: [...changesKey, "one", id],
    queryFn: ({ signal }) => read<DetailedChange>(`/v1/changes/${encodeURIComponent(id)}`, signal),
    refetchInterval: againMs,
  });

/** The linked cases of a change that the person may read, newest first. */
export const changedCasesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...changesKey, "one", id, "cases"],
    queryFn: ({ signal, pageParam: cursor }) =>
      read<ChangedCasePage>(
        `/v1/changes/${encodeURIComponent(id)}/cases${queryOf({ cursor, limit: pageSize })}`,
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: againMs,
  });
