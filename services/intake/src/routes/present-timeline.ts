import { type PresentedTimeline, formatInstant, timelineKind, wall } from "@crossline/contracts";
import type { TimelineRow } from "../store/timelines.ts";

/** A timeline as a route answers it. */
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

/** The wall has no row: it is there for everybody, and nobody drives it. */
export const presentedWall: PresentedTimeline = { id: wall, kind: "wall", owner: "operator" };

/** A carrier's timeline is its own; an operator's is for the parties that it names, or for all. */
export function mayUse({ owner, parties }: Pick<TimelineRow, "owner" | "parties">, party: string): boolean {
  return party === owner || (owner === "operator" && (parties === null || parties.includes(party)));
}
