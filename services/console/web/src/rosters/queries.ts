import type { DutyResponse, PublishedRoster } from "@crossline/contracts";
import { queryOptions } from "@tanstack/react-query";
import { queryOf, read } from "../api/send.ts";
import { windowOf } from "./week.ts";

const againMs = 60_000;

/** The people on duty in the week of a Monday, on the rosters of the company, and the coverage of those that its lines name. */
export const dutyQuery = (monday: string) =>
  queryOptions({
    queryKey: ["rosters", "duty", monday],
    queryFn: ({ signal }) => read<DutyResponse>(`/v1/duty${queryOf(windowOf(monday))}`, signal),
    refetchInterval: againMs,
  });

/** The documents of the company's rosters, which have their zones and titles. */
export const documentsQuery = queryOptions({
  queryKey: ["rosters", "documents"],
  queryFn: ({ signal }) => read<{ readonly items: readonly PublishedRoster[] }>("/v1/rosters?limit=100", signal),
});
