import { type QueueHandoff, formatInstant, parseDuration, parseInstant } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { readItems } from "../pages.ts";
import { printJson, printRows } from "../print.ts";
import { findClaim, saveClaim } from "../queue/claims.ts";
import { type ListedQueue, findHandoff } from "../queue/find-handoff.ts";
import { printBrief } from "../queue/print-brief.ts";
import { formatDistance } from "../span.ts";

export type QueueListOptions = ApiOptions & {
  readonly state?: readonly string[];
  readonly severity?: readonly string[];
  readonly sort?: string;
  readonly limit: number;
  readonly timeline: string;
};

/** The maximum number of hand-offs that a queue returns at once. */
const handoffsAtOnce = 50;

/** Runs `queue list [QUEUE]`. Without a queue, the verb lists the vendor's queues with counts. */
export async function listQueue(queue: string | undefined, options: QueueListOptions): Promise<number> {
  const { state, severity, sort, limit, timeline, json } = options;
  const client = await connectCompany(options, "desk");
  if (queue === undefined) {
    const { items } = await client.get<{ items: readonly ListedQueue[] }>(`/v1/queues?timeline=${timeline}`);
    if (json === true) printJson(items);
    else printRows(items.map(toQueueRow), "Your company has no queue.");
    return 0;
  }
  const query = { state, severity, sort, timeline };
  const limits = { max: limit, atOnce: handoffsAtOnce };
  const path = `/v1/queues/${encodeURIComponent(queue)}/handoffs`;
  const handoffs = await readItems<QueueHandoff>(client, path, query, limits);
  if (json === true) printJson(handoffs);
  else printRows(handoffs.map(toRow), `No hand-off of ${queue} is open.`);
  return 0;
}

/** Runs `queue show HANDOFF`. If the person has claimed the hand-off, an acceptance then names the shown version of the brief. */
export async function showHandoff(id: string, options: ApiOptions): Promise<number> {
  const handoff = await findHandoff(await connectCompany(options, "desk"), id);
  const { brief } = handoff;
  const claim = findClaim(id);
  if (claim !== undefined && brief !== undefined) saveClaim(id, { ...claim, version: brief.case.version });
  if (options.json === true) printJson(handoff);
  else printBrief(id, handoff, brief);
  return 0;
}

function toQueueRow({ queue, offered, claimed, accepted, oldestOfferedAt, lastReadAt }: ListedQueue) {
  return { queue, offered, claimed, accepted, "oldest offer": oldestOfferedAt, "last read": lastReadAt };
}

function toRow({ handoffId, phase, acceptBy, offeredAt, age, brief }: QueueHandoff) {
  const live = brief?.liveHandling;
  const now = formatInstant(parseInstant(offeredAt) + parseDuration(age));
  return {
    "hand-off": handoffId,
    phase,
    left: acceptBy === undefined ? undefined : formatDistance(now, acceptBy),
    offered: offeredAt,
    severity: brief?.case.severity,
    carrier: brief?.case.carrier,
    live: live && `${live.minutes} min`,
    tried: brief?.tried.length,
    missing: brief?.missing.length,
    model: brief?.device?.model,
    title: brief?.case.title,
  };
}
