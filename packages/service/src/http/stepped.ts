import { timelineKind } from "@crossline/contracts";

/** Of an answer about a stepped timeline: which one. Intake asks again when that has come to rest. */
export const timelineHeader = "crossline-timeline";
/** Of such an answer at the public address: whether it shows the effects of all that was done before. */
export const caughtUpHeader = "crossline-at-rest";

/** Says in an answer to a read that it is about a stepped timeline. About the wall it says nothing. */
export function setTimelineHeader(reply: { header(name: string, value: string): unknown }, timeline: string): void {
  if (timelineKind(timeline) === "stepped") void reply.header(timelineHeader, timeline);
}
