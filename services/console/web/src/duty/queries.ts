import type { BoardPage, PresentedRow, PromisePage } from "@crossline/contracts";
import { queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";

const rowsMax = 200;
const promisesMax = 100;
const soonMs = 3_600_000;
/** A row can become due without any event, so a screen also reads again from time to time. */
const againMs = 10_000;

/** The row of a case, and a promise, as the screen of the duty manager reads them. */
export type DutyCase = PresentedRow;
export type DutyPromise = PromisePage["items"][number];

const board = (name: string, timeline: string, filters: () => Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ["duty", timeline, name],
    queryFn: ({ signal }) =>
      read<BoardPage>(`/v1/board${queryOf({ ...filters(), sort: "due", limit: rowsMax, timeline })}`, signal),
    refetchInterval: againMs,
  });

/** The cases for which the last resort rings now. */
export const ringingQuery = (timeline: string) => board("ringing", timeline, () => ({ resort: "true" }));

/** The cases with a breach that no act has met since. */
export const breachedQuery = (timeline: string) => board("breached", timeline, () => ({ breached: "true" }));

/** The cases whose next breach is within an hour of `now`. */
export const soonQuery = (timeline: string, now: () => number) =>
  board("soon", timeline, () => ({ dueBefore: iso(now() + soonMs) }));

/** The promises that are broken or whose windows end within an hour of `now`. */
export const promisesQuery = (timeline: string, now: () => number) =>
  queryOptions({
    queryKey: ["duty", timeline, "promises"],
    queryFn: ({ signal }) =>
      read<PromisePage>(
        `/v1/promises${queryOf({ state: "open,broken", dueBefore: iso(now() + soonMs), limit: promisesMax, timeline })}`,
        signal,
      ),
    refetchInterval: againMs,
  });

function iso(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString();
}
