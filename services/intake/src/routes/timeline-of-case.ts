import type { Database } from "@crossline/postgres";
import { findTimelineOf } from "../store/cases.ts";

const rememberedMax = 20_000;

/**
 * Creates a function that finds the timeline of a case. A case never leaves its timeline, so the function keeps the results in memory.
 */
export function createTimelineOf(database: Database): (caseId: string) => Promise<string | undefined> {
  const timelines = new Map<string, string>();
  return async (caseId) => {
    const remembered = timelines.get(caseId);
    if (remembered !== undefined) return remembered;
    const timeline = await findTimelineOf(database, caseId);
    if (timeline === undefined) return undefined;
    if (timelines.size >= rememberedMax) timelines.delete(timelines.keys().next().value as string);
    timelines.set(caseId, timeline);
    return timeline;
  };
}
