import type { IncidentPage, PresentedIncident } from "@crossline/contracts";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";

/** The key of everything that the screens have read about incidents. */
export const incidentsKey = ["incidents"] as const;

const pageSize = 50;
const againMs = 10_000;

/** The incidents of a timeline in a state, newest first. */
export const incidentsQuery = (timeline: string, state: "open" | "ended") =>
  infiniteQueryOptions({
    queryKey: [...incidentsKey, timeline, state],
    queryFn: ({ signal, pageParam: cursor }) =>
      read<IncidentPage>(`/v1/incidents${queryOf({ timeline, state, cursor, limit: pageSize })}`, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
    refetchInterval: againMs,
  });

/** One incident. The id is from the address, and could lead to another resource. */
export const incidentQuery = (id: string) =>
  queryOptions({
    queryKey: [...incidentsKey, "one", id],
    queryFn: ({ signal }) => read<PresentedIncident>(`/v1/incidents/${encodeURIComponent(id)}`, signal),
    refetchInterval: againMs,
  });
