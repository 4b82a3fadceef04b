import { type Brief, queueTopic } from "@crossline/contracts";
import { type DeskRecord, openDesk } from "../vendor-desk.ts";
import type { Demo } from "./parties.ts";
import type { Inbox } from "./story.ts";

type QueueOffer = { readonly handoffId: string; readonly brief: Brief };

/** Orchard's inbox for the demo: its own consumer of its Kafka topics, or the REST list where there is no Kafka. */
export async function openInbox(
  demo: Demo,
  brokers: readonly string[],
  onRecord: (record: DeskRecord) => void,
): Promise<Inbox & { readonly close: () => Promise<void> }> {
  if (brokers.length === 0)
    return { next: (caseId, timeline) => fromList(demo, caseId, timeline), close: () => Promise.resolve() };
  const arrived = new Map<string, QueueOffer>();
  const waiting = new Map<string, (offered: QueueOffer) => void>();
  const topics = [queueTopic("orchard", "stepped"), queueTopic("orchard", "wall")];
  const desk = await openDesk(brokers, topics, (record) => {
    onRecord(record);
    if (record.type !== "crossline.queue.offered.v1") return;
    const offered = record.data as QueueOffer;
    arrived.set(record.caseId, offered);
    waiting.get(record.caseId)?.(offered);
  });
  return {
    next: async (caseId) => {
      const offered = arrived.get(caseId) ?? (await new Promise<QueueOffer>((resolve) => waiting.set(caseId, resolve)));
      return { ...offered, via: `on its own Kafka consumer (${topics[0]})` };
    },
    close: desk.close,
  };
}

async function fromList({ orchard }: Demo, caseId: string, timeline: string): ReturnType<Inbox["next"]> {
  const { items } = await orchard.get<{ items: { handoffId: string; caseId: string; brief: Brief }[] }>(
    `/v1/queues/orchard.handheld/handoffs?timeline=${timeline}`,
  );
  const found = items.find((item) => item.caseId === caseId);
  if (found === undefined) throw new Error(`the queue has no hand-off of case ${caseId}`);
  return { ...found, via: "in its queue" };
}
