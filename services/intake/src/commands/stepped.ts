import { type Refusal, type TimelineKind, refusal, timelineKind } from "@crossline/contracts";
import { claimKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import type { Lines } from "../store/lines.ts";
import { findTimeline } from "../store/timelines.ts";
import { type Drive, takeLock } from "../timelines/drive.ts";
import type { AwaitQuiet } from "../timelines/quiet.ts";
import type { CaseWriter } from "./case-writer.ts";
import { executeOne, written } from "./execute.ts";
import type { Item, Verdict } from "./item.ts";

export type SteppedDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly drive: Drive;
  readonly awaitQuiet: AwaitQuiet;
  readonly onCommitted: () => void;
};

/** How long a command waits for its timeline to come to rest. */
export const quietWithinMs = 10_000;

/** Writes a command of a stepped timeline: alone, when the timeline is quiet, at its mark. */
async function writeStepped(
  { database, lines, drive, awaitQuiet, onCommitted }: SteppedDeps,
  timeline: string,
  item: Item,
): Promise<Verdict> {
  const deadline = performance.now() + quietWithinMs;
  return drive.alone({ timeline, party: item.actor.party, deadline }, async (place) => {
    const verdict = await database.transaction(async (tx): Promise<Verdict> => {
      const claims = await claimKeys(tx, [item.request]);
      const [claim] = claims;
      if (claim?.is === "answered") return { ...written(claim.answer), replayed: true };
      if (claim?.is === "refused") return claim.refusal;
      const locked = await takeLock(tx, timeline, place);
      if (locked !== undefined) return locked;
      const row = await findTimeline(tx, timeline);
      if (row?.mark == null) throw new Error("a stepped timeline has no mark");
      const standing = await awaitQuiet(timeline, row.mark, place);
      if (isRefusal(standing)) return standing;
      const { verdicts, saving } = await executeOne(tx, lines, item, { at: row.mark, claims });
      await saving;
      return verdicts[0] as Verdict;
    });
    if (!isRefusal(verdict)) onCommitted();
    return verdict;
  });
}

/** Writes an item the way of its timeline. */
export type WriteItem = (timeline: string, item: Item) => Promise<Verdict>;

export function createWriteItem(writer: CaseWriter, stepped: SteppedDeps): WriteItem {
  return async (timeline, item) => {
    const kind: TimelineKind = timelineKind(timeline);
    switch (kind) {
      case "wall":
        return writer.write(item);
      case "stepped":
        return writeStepped(stepped, timeline, item);
      case "import":
        return ofHistory();
    }
  };
}

function ofHistory(): Refusal {
  return refusal(
    "timeline_ended",
    "This timeline is a recorded history: it takes rows of its import, and nothing else.",
  );
}
