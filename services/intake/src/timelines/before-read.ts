import { timelineKind } from "@crossline/contracts";
import { type Caller, caughtUpHeader, setTimelineHeader } from "@crossline/service";
import type { AwaitEffects } from "./await-effects.ts";

type Reply = { header(name: string, value: string): unknown };

/**
 * Lets a read of a stepped timeline wait until the timeline is caught up, so that it shows the effects of earlier commands. A header of
 * the response says whether it shows them. Returns true if it waited: the caller must then read again. Other timelines do not wait.
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
