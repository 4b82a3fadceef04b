import type { ClockHistoryResponse } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { read } from "../api/send.ts";
import { viewerZone } from "../time/format.ts";

type CalendarName = { readonly path: string };

/**
 * Returns the zone of the screen: that of the first calendar of the case's clocks. The calendar `24x7` has no zone, so a case with only this
 * calendar is shown in the zone of the viewer.
 */
export function useCaseZone(carrier: string, history: ClockHistoryResponse | undefined): string {
  const calendar = calendarIn(carrier, history);
  const { data } = useQuery({
    queryKey: ["calendar-zone", calendar?.path],
    queryFn: ({ signal }) => read<{ readonly document: { readonly zone: string } }>(calendar?.path ?? "", signal),
    enabled: calendar !== undefined,
    // A version of a calendar never changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data?.document.zone ?? viewerZone;
}

function calendarIn(carrier: string, history: ClockHistoryResponse | undefined): CalendarName | undefined {
  const named = (history?.clocks ?? [])
    .map(({ calendar }) => calendar)
    // The common hours of two companies have a name of their own, and two zones.
    .find(({ name }) => name !== "24x7" && !name.includes("&"));
  if (named === undefined) return undefined;
  const [party = carrier, name = named.name] = named.name.includes("/") ? named.name.split("/") : [carrier, named.name];
  return { path: `/v1/calendars/${party}/${name}/versions/${named.version}` };
}
