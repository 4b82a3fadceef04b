import { type Refusal, refusal, timelineKind, wall } from "@crossline/contracts";
import { claimKeys } from "@crossline/idempotency";
import type { Database } from "@crossline/postgres";
import { isRefusal } from "@crossline/service";
import type { Lines } from "../store/lines.ts";
import { findTimeline } from "../store/timelines.ts";
import { type Drive, takeLock } from "../timelines/drive.ts";
import { type AwaitQuiet, quietWithinMs } from "../timelines/quiet.ts";
import { type CaseResult, writtenAs } from "./answer.ts";
import type { WriteRequest } from "./case-writer.ts";
import type { CaseRequest } from "./request.ts";
import { doUnitOfWork } from "./unit-of-work.ts";

export type WriteDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly drive: Drive;
  readonly awaitQuiet: AwaitQuiet;
  readonly onCommitted: () => void;
};

const ended: Refusal = refusal(
  "timeline_ended",
  "This timeline is a recorded history: it takes rows of its import, and nothing else.",
);

/** Writes each request the way of its timeline; `writeOnWall` is the case writer. */
export function createWriteRequest(writeOnWall: WriteRequest, deps: WriteDeps): WriteRequest {
  return async (request) => {
    const { timeline = wall } = request.idempotency;
    switch (timelineKind(timeline)) {
      case "wall":
        return writeOnWall(request);
      case "stepped":
        return writeStepped(deps, timeline, request);
      case "import":
        return ended;
    }
  };
}

/** Writes a request on a stepped timeline: alone, when the timeline is quiet, at its mark. */
async function writeStepped(
  { database, lines, drive, awaitQuiet, onCommitted }: WriteDeps,
  timeline: string,
  request: CaseRequest,
): Promise<CaseResult> {
  const { actor, idempotency } = request;
  const deadline = performance.now() + quietWithinMs;
  const result = await drive.alone({ timeline, party: actor.party, deadline }, (place) =>
    database.transaction(async (tx): Promise<CaseResult> => {
      const claims = await claimKeys(tx, [idempotency]);
      const [claim] = claims;
      if (claim?.is === "answered") return writtenAs(claim.answer, true);
      if (claim?.is === "refused") return claim.refusal;
      const locked = await takeLock(tx, timeline, place);
      if (locked !== undefined) return locked;
      const row = await findTimeline(tx, timeline);
      if (row?.mark == null) throw new Error("a stepped timeline has no mark");
      const standing = await awaitQuiet(timeline, row.mark, place);
      if (isRefusal(standing)) return standing;
      const known = { now: row.mark, claims };
      const { results, saving } = await doUnitOfWork(tx, [request], { lines, locked: "wait", known });
      await saving;
      const [own] = results;
      if (own === undefined || own === "locked") throw new Error("a request that waited has no result");
      return own;
    }),
  );
  if (!isRefusal(result)) onCommitted();
  return result;
}
