import type { BoardPage, Delivery, PresentedRow, PromisePage } from "@crossline/contracts";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";
import { readNow } from "../time/now.ts";

const rowsMax = 200;
const promisesMax = 100;
const callsMax = 20;
const soonMs = 3_600_000;
/** A row can become due without any event, so a screen also reads again from time to time. */
const againMs = 10_000;

/** The row of a case, and a promise, as the screen of the duty manager reads them. */
export type DutyCase = PresentedRow;
export type DutyPromise = PromisePage["items"][number];

type Filters = Readonly<Record<string, string>>;

const board = (name: string, timeline: string, filters: (client: QueryClient) => Filters | Promise<Filters>) =>
  queryOptions({
    queryKey: ["duty", timeline, name],
    queryFn: async ({ signal, client }) => {
      const query = queryOf({ ...(await filters(client)), sort: "due", limit: rowsMax, timeline });
      return read<BoardPage>(`/v1/board${query}`, signal);
    },
    refetchInterval: againMs,
  });

/** The cases for which the last resort rings now. */
export const ringingQuery = (timeline: string) => board("ringing", timeline, () => ({ resort: "true" }));

/** The cases with a breach that no act has met since. */
export const breachedQuery = (timeline: string) => board("breached", timeline, () => ({ breached: "true" }));

/** The cases whose next breach is within an hour of the now of the timeline. */
export const soonQuery = (timeline: string) =>
  board("soon", timeline, async (client) => ({ dueBefore: await soonOf(client, timeline) }));

/** The promises that are broken or whose windows end within an hour of the now of the timeline. */
export const promisesQuery = (timeline: string) =>
  queryOptions({
    queryKey: ["duty", timeline, "promises"],
    queryFn: async ({ signal, client }) => {
      const dueBefore = await soonOf(client, timeline);
      const query = queryOf({ state: "open,broken", dueBefore, limit: promisesMax, timeline });
      return read<PromisePage>(`/v1/promises${query}`, signal);
    },
    refetchInterval: againMs,
  });

/** The newest deliveries of a case, read again for each call of the last resort. */
export const callsQuery = (caseId: string, call: number | undefined) =>
  queryOptions({
    queryKey: ["duty-calls", caseId, call],
    queryFn: ({ signal }) =>
      read<{ readonly items: readonly Delivery[] }>(
        `/v1/deliveries${queryOf({ case: caseId, limit: callsMax })}`,
        signal,
      ),
    refetchInterval: againMs,
  });

async function soonOf(client: QueryClient, timeline: string): Promise<string> {
  return Temporal.Instant.fromEpochMilliseconds((await readNow(client, timeline)) + soonMs).toString();
}
