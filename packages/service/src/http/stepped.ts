import { timelineKind } from "@crossline/contracts";

/**
 * The header that names the stepped timeline of a response. Intake repeats the request when the named timeline is
 * caught up.
 */
export const timelineHeader = "crossline-timeline";
/**
 * The header of a public response about a stepped timeline. The header reports whether the response includes the
 * effects of all earlier commands.
 */
export const caughtUpHeader = "crossline-at-rest";

/**
 * Names the stepped timeline in the header of a response to a read. For a timeline that is not stepped, the function
 * sets no header.
 */
export function setTimelineHeader(reply: { header(name: string, value: string): unknown }, timeline: string): void {
  if (timelineKind(timeline) === "stepped") void reply.header(timelineHeader, timeline);
}
