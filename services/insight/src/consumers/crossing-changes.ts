import type { EventOf, ReceivedMessage } from "@crossline/contracts";
import type { CrossingChange } from "../store/crossings.ts";

/** The events that change a hand-off. */
export const crossingTypes = [
  "handoff.offered",
  "handoff.claimed",
  "handoff.accepted",
  "handoff.rejected",
  "handoff.resolved",
  "handoff.lapsed",
  "handoff.withdrawn",
  "handoff.returned",
  "handoff.transferred",
] as const;

type CrossingEvent = EventOf<(typeof crossingTypes)[number]>;

/** Returns the change of a hand-off that this event causes, or nothing for any other event. */
export function crossingChange(event: ReceivedMessage): CrossingChange[] {
  return (crossingTypes as readonly string[]).includes(event.type) ? [changeOf(event as CrossingEvent)] : [];
}

function changeOf(event: CrossingEvent): CrossingChange {
  const { key: caseId, time } = event;
  const { handoffId, vendor, queue } = event.data;
  const row = { handoffId, caseId, vendor, queue };
  switch (event.type) {
    case "handoff.offered":
      return { ...row, offeredAt: time, reason: event.data.reason };
    case "handoff.claimed":
      return { ...row, claimedAt: time };
    case "handoff.accepted":
      return { ...row, acceptedAt: time };
    case "handoff.resolved":
      return { ...row, resolvedAt: time, endedAt: time, outcome: "resolved" };
    case "handoff.lapsed":
      return { ...row, endedAt: time, outcome: "lapsed" };
    case "handoff.withdrawn":
      return { ...row, endedAt: time, outcome: "withdrawn" };
    case "handoff.rejected":
      return { ...row, endedAt: time, outcome: "rejected", code: event.data.code };
    case "handoff.returned":
      return { ...row, endedAt: time, outcome: "returned", code: event.data.code };
    case "handoff.transferred":
      return { ...row, endedAt: time, outcome: "transferred", code: event.data.code };
  }
}
