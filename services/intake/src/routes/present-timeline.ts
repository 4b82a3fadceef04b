import { type PresentedTimeline, formatInstant, timelineKind, wall } from "@crossline/contracts";
import type { TimelineRow } from "../store/timelines.ts";

/** Presents a timeline. */
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

/** The wall as a response presents it. It has no row, because every party uses it and no client moves its now. */
export const presentedWall: PresentedTimeline = { id: wall, kind: "wall", owner: "operator" };

/** Returns true for the timeline's owner. The operator's timeline is also for the parties that it names, or for all parties. */
export function mayUse({ owner, parties }: Pick<TimelineRow, "owner" | "parties">, party: string): boolean {
  return party === owner || (owner === "operator" && (parties === null || parties.includes(party)));
}
