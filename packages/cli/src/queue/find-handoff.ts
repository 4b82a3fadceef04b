import type { QueueHandoff } from "@crossline/contracts";
import { type Client, ResponseFault } from "../client.ts";
import { NotFoundFault } from "../fault.ts";
import { findClaim } from "./claims.ts";

export type ListedQueue = {
  readonly queue: string;
  readonly offered: number;
  readonly claimed: number;
  readonly accepted: number;
  readonly oldestOfferedAt?: string;
  readonly lastReadAt?: string;
};

/** Finds a hand-off in the queue of its claim, or else in one of the vendor's queues. Throws a NotFoundFault. */
export async function findHandoff(client: Client, handoffId: string): Promise<QueueHandoff> {
  const claimed = findClaim(handoffId)?.queue;
  const queues = claimed === undefined ? await listQueueNames(client) : [claimed];
  for (const queue of queues) {
    const found = await readHandoff(client, queue, handoffId);
    if (found !== undefined) return found;
  }
  throw new NotFoundFault(`None of your queues has the hand-off ${handoffId}.`);
}

async function listQueueNames(client: Client): Promise<string[]> {
  const { items } = await client.get<{ items: readonly ListedQueue[] }>("/v1/queues");
  return items.map(({ queue }) => queue);
}

async function readHandoff(client: Client, queue: string, handoffId: string): Promise<QueueHandoff | undefined> {
  try {
    return await client.get(`/v1/queues/${queue}/handoffs/${encodeURIComponent(handoffId)}`);
  } catch (error) {
    if (error instanceof ResponseFault && error.status === 404) return undefined;
    throw error;
  }
}
