import type { ProblemDetail, ProblemPage } from "@crossline/contracts";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";

/** The key of everything that the screens have read about problems. */
export const problemsKey = ["problems"] as const;

const pageSize = 100;
/** A deadline can pass without any act, and a problem is on no stream. */
const againMs = 10_000;

/** The problems of a timeline with one of the statuses, newest first. */
export const problemsQuery = (timeline: string, statuses: readonly string[]) =>
  infiniteQueryOptions({
    queryKey: [...problemsKey, timeline, ...statuses],
    queryFn: ({ signal, pageParam: cursor }) => {
      const repeated = statuses.map((status) => `&status=${status}`).join("");
      return read<ProblemPage>(`/v1/problems${queryOf({ timeline, limit: pageSize, cursor })}${repeated}`, signal);
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: againMs,
  });

/** One problem. The id is from the address, and could lead to another resource. */
export const problemQuery = (id: string) =>
  queryOptions({
    queryKey: [...problemsKey, "one", id],
    queryFn: ({ signal }) => read<ProblemDetail>(`/v1/problems/${encodeURIComponent(id)}`, signal),
    refetchInterval: againMs,
  });
