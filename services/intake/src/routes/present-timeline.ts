import { type PresentedTimeline, formatInstant, timelineKind, wall } from "@crossline/contracts";
import type { TimelineRow } from "../store/timelines.ts";

/** Returns a timeline as the API presents it. */
export function presentTimeline({ id, owner, parties, mark, importedRows, endedAt }: TimelineRow): PresentedTimeline {
  const kind = timelineKind(id);
  return {
    id,
    kind,
    owner,
    ...(parties !== null && { parties: [...parties] }),
    ...(mark !== null && { mark: formatInstant(mark) }),
    ...(kind === "import" && { importedRows }),
    ...(endedAt !== null && { endedAt: formatInstant(endedAt) }),
  };
}

/** The wall timeline as the API presents it. The wall timeline has no row, because every party uses it and no client moves its now. */
export const presentedWall: PresentedTimeline = { id: wall, kind: "wall", owner: "operator" };

/**
 * Returns true if a party may use the timeline. The owner may use the timeline. If the operator owns the timeline, the parties that the
 * operator named may also use the timeline. If the operator named no parties, all parties may use the timeline.
 */
export function mayUse({ owner, parties }: Pick<TimelineRow, "owner" | "parties">, party: string): boolean {
  return party === owner || (owner === "operator" && (parties === null || parties.includes(party)));
}
