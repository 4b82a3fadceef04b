import { timelineKind } from "@crossline/contracts";
import { type Caller, caughtUpHeader, setTimelineHeader } from "@crossline/service";
import type { AwaitEffects } from "./await-effects.ts";

type Reply = { header(name: string, value: string): unknown };

/**
 * Waits until a stepped timeline is caught up, so that a read shows the effects of earlier commands. A response header reports whether
 * the timeline was caught up in time. Returns true if the timeline is a stepped timeline, so that the caller must read again. On the
 * wall timeline and on imports, a read does not wait.
 */
export async function awaitEffectsBeforeRead(
  { awaitEffects }: { readonly awaitEffects: AwaitEffects },
  { party }: Pick<Caller, "party">,
  timeline: string,
  reply: Reply,
): Promise<boolean> {
  if (timelineKind(timeline) !== "stepped") return false;
  setTimelineHeader(reply, timeline);
  void reply.header(caughtUpHeader, String(await awaitEffects(party, timeline)));
  return true;
}
