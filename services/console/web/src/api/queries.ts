import type { BoardPage, Me, PresentedTimeline } from "@crossline/contracts";
import { QueryCache, QueryClient, queryOptions } from "@tanstack/react-query";
import { ResponseFault, queryOf, read } from "./send.ts";

const retriesMax = 2;

/** Returns true if the same request can succeed a moment later: the network failed, or the server was overloaded. */
export function isTransient(fault: unknown): boolean {
  return !(fault instanceof ResponseFault) || fault.status >= 500 || fault.status === 429;
}

/** Keeps the responses of reads. A screen shows the last response while it reads again, and marks it as old if the read fails. */
export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // The session has ended. The SessionGate then reads the person again, and shows the sign-in screen.
    onError: (fault, { queryKey }) => {
      if (fault instanceof ResponseFault && fault.status === 401 && queryKey[0] !== "me")
        void queryClient.invalidateQueries({ queryKey: ["me"] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, fault) => failures < retriesMax && isTransient(fault),
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});

/** The person who is signed in. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => read<Me>("/v1/me", signal),
  staleTime: 60_000,
});

/** The newest timelines that the company can use, besides the wall timeline. */
export const timelinesQuery = queryOptions({
  queryKey: ["timelines"],
  queryFn: ({ signal }) => read<{ readonly items: readonly PresentedTimeline[] }>("/v1/timelines?limit=20", signal),
  refetchInterval: 5_000,
});

/** The now of a stepped timeline, for every company that has a case there. */
export const timelineNowQuery = (timeline: string) =>
  queryOptions({
    queryKey: ["timeline-now", timeline],
    queryFn: ({ signal }) => read<BoardPage>(`/v1/board${queryOf({ timeline, limit: 1 })}`, signal),
    select: ({ at }) => at,
    refetchInterval: 2_000,
    enabled: timeline !== "wall",
  });

/** The position of the stream after which a screen receives the changes of cases. */
export const streamPositionQuery = (timeline: string) =>
  queryOptions({
    queryKey: ["stream-position", timeline],
    queryFn: ({ signal }) => read<BoardPage>(`/v1/board${queryOf({ timeline, limit: 1 })}`, signal),
    select: ({ position }) => position,
    staleTime: Number.POSITIVE_INFINITY,
  });
