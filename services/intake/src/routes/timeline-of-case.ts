import type { Database } from "@crossline/postgres";
import { findTimelineOf } from "../store/cases.ts";

const rememberedMax = 20_000;

/** Tells on which timeline a case is. It never changes, so most commands need not ask. */
export function createTimelineOf(database: Database): (caseId: string) => Promise<string | undefined> {
  const known = new Map<string, string>();
  return async (caseId) => {
    const remembered = known.get(caseId);
    if (remembered !== undefined) return remembered;
    const timeline = await findTimelineOf(database, caseId);
    if (timeline === undefined) return undefined;
    if (known.size >= rememberedMax) known.delete(known.keys().next().value as string);
    known.set(caseId, timeline);
    return timeline;
  };
}
