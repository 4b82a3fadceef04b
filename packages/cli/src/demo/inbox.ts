import { type Brief, queueTopic } from "@crossline/contracts";
import { type DeskConnection, type DeskRecord, openDesk } from "../vendor-desk.ts";
import type { Demo } from "./parties.ts";
import type { Inbox } from "./story.ts";

type QueueOffer = { readonly handoffId: string; readonly brief: Brief };

/**
 * Opens Orchard's inbox for the demo. With Kafka the inbox is a consumer of Orchard's topic. Without Kafka the inbox
 * reads the queue by REST.
 */
export async function openInbox(
  demo: Demo,
  connection: DeskConnection | undefined,
  onRecord: (record: DeskRecord) => void,
): Promise<Inbox & { readonly close: () => Promise<void> }> {
  if (connection === undefined)
    return { next: (caseId, timeline) => fromList(demo, caseId, timeline), close: () => Promise.resolve() };
  const arrived = new Map<string, QueueOffer>();
  const waiting = new Map<string, (offer: QueueOffer) => void>();
  const topics = [queueTopic("orchard", "stepped"), queueTopic("orchard", "wall")];
  const desk = await openDesk(connection, topics, (record) => {
    onRecord(record);
    if (record.type !== "crossline.queue.offered.v1") return;
    const offer = record.data as QueueOffer;
    arrived.set(record.caseId, offer);
    waiting.get(record.caseId)?.(offer);
  });
  return {
    next: async (caseId) => {
      const offer = arrived.get(caseId) ?? (await new Promise<QueueOffer>((resolve) => waiting.set(caseId, resolve)));
      return { ...offer, via: viaKafka };
    },
    close: desk.close,
  };
}

/** The text of the story for an offer that Orchard's own Kafka consumer has received. */
export const viaKafka = `on its own Kafka consumer (${queueTopic("orchard", "stepped")})`;

async function fromList({ orchard }: Demo, caseId: string, timeline: string): ReturnType<Inbox["next"]> {
  const { items } = await orchard.get<{ items: { handoffId: string; caseId: string; brief: Brief }[] }>(
    `/v1/queues/orchard.handheld/handoffs?timeline=${timeline}`,
  );
  const offer = items.find((item) => item.caseId === caseId);
  if (offer === undefined) throw new Error(`the queue has no hand-off of case ${caseId}`);
  return { ...offer, via: "in its queue" };
}
