import { timelineKind } from "@crossline/contracts";
import { type Caller, caughtUpHeader, setTimelineHeader } from "@crossline/service";
import type { AwaitEffects } from "./await-effects.ts";

type Reply = { header(name: string, value: string): unknown };

/**
 * Lets a read of a stepped timeline wait until that has come to rest, so that it shows the effects of the commands before; the
 * answer's header says whether it does. True where it waited: what was read before may have changed. On the wall nothing is waited for.
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
