import type { Brief } from "@crossline/contracts";
import { ensureParty } from "../demo/parties.ts";
import { playStory } from "../demo/story.ts";
import type { Client } from "../client.ts";
import { print } from "../print.ts";
import { findRunning } from "../running.ts";
import { playFourteenDays } from "../stories/fourteen-days.ts";
import { playKeys } from "../stories/half-past-nine.ts";
import { playOneAndDone } from "../stories/one-and-done.ts";
import { playAnnounced } from "../stories/announced.ts";
import { playUnanswered } from "../stories/unanswered.ts";
import {
  prepareAnnounced,
  prepareFourteenDays,
  prepareKeys,
  prepareOneAndDone,
  prepareUnanswered,
  retryWhileRefused,
} from "../stories/prepare.ts";

export type StoryNumber = "1" | "2" | "3" | "4" | "5";

/**
 * Runs `story NUMBER`. The verb plays a true story through this checkout's running Crossline, on a stepped timeline.
 */
export async function story(number: StoryNumber, port?: number): Promise<number> {
  const { url, operator } = await findRunning(port);
  const party = async (name: string, kind: "carrier" | "vendor", title: string) => ({
    name,
    client: await ensureParty(url, operator, { party: name, kind, name: title }),
  });
  const northtel = await party("northtel", "carrier", "Northtel (a carrier, Toronto)");
  print("");
  if (number === "3") {
    const quill = await party("quill", "vendor", "Quill (a notebook maker, Vancouver)");
    await playFourteenDays(await retryWhileRefused(() => prepareFourteenDays(northtel, quill)), print);
    return 0;
  }
  const orchard = await party("orchard", "vendor", "Orchard (a handheld vendor, Waterloo)");
  if (number === "2") {
    await playOneAndDone(await retryWhileRefused(() => prepareOneAndDone(northtel, orchard)), print);
    return 0;
  }
  if (number === "4") {
    const lumen = await party("lumen", "carrier", "Lumen Europe (a wholesale carrier, Amsterdam)");
    await playUnanswered(await retryWhileRefused(() => prepareUnanswered(lumen, orchard)), print);
    print("");
    await playAnnounced(await retryWhileRefused(() => prepareAnnounced(northtel, orchard)), print);
    return 0;
  }
  if (number === "5") {
    await playKeys(await retryWhileRefused(() => prepareKeys(northtel, orchard)), print);
    return 0;
  }
  const demo = { northtel: northtel.client, orchard: orchard.client, operator };
  await playStory(demo, { next: (caseId, timeline) => inQueue(orchard.client, caseId, timeline) }, print);
  return 0;
}

type QueueItem = { readonly handoffId: string; readonly caseId: string; readonly brief: Brief };

async function inQueue(orchard: Client, caseId: string, timeline: string) {
  const { items } = await orchard.get<{ items: QueueItem[] }>(
    `/v1/queues/orchard.handheld/handoffs?timeline=${timeline}`,
  );
  const offer = items.find((item) => item.caseId === caseId);
  if (offer === undefined) throw new Error(`the queue has no hand-off of case ${caseId}`);
  return { ...offer, via: "in its queue" };
}
