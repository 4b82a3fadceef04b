import { newId } from "@crossline/contracts";
import { type Dialling, type PagePace, planMessage, diallingFaultOf } from "@crossline/domain";
import { type Database, now, type Tx } from "@crossline/postgres";
import { toBundlePayload } from "../delivery/bundle-payload.ts";
import {
  findMessages,
  bindPages,
  holdPages,
  insertBundle,
  lockMessages,
  lockUnbound,
  type UnboundPage,
} from "../store/bundle.ts";
import type { ClaimedDelivery } from "../store/claim.ts";
import { endOvertakenAmong } from "./end-overtaken-pages.ts";

export type BundlingDeps = {
  readonly pace: PagePace;
  readonly dialling: Dialling;
  /** So many pages ended unsent, as their reasons were gone. */
  readonly onOvertaken: (count: number) => void;
};

/**
 * Fixes what goes together before a first attempt. Of the pages in hand those that may go now come back, each with all that wait
 * for its address; the rest is held until its message may go. What is no page of a person, and an emergency, goes by itself.
 */
export async function bundlePages(
  database: Database,
  claimed: readonly ClaimedDelivery[],
  { pace, dialling, onOvertaken }: BundlingDeps,
): Promise<ClaimedDelivery[]> {
  // What is never dialled here reaches no person: it waits for no message, and is given up at once.
  const waits = (delivery: ClaimedDelivery): boolean =>
    isUnbound(delivery) && diallingFaultOf(delivery.url, dialling) === undefined;
  const [unbound, ready] = [claimed.filter(waits), claimed.filter((delivery) => !waits(delivery))];
  // By age: where the limit of a person leaves room for one message, the address whose page is the oldest has it.
  const byAge = unbound.toSorted((delivery, other) => (delivery.deliveryId < other.deliveryId ? -1 : 1));
  const groups = Map.groupBy(byAge, ({ party, target }) => `${party} ${target}`);
  for (const group of groups.values()) {
    const { carrying, overtaken } = await database.transaction((tx) => bindMessage(tx, group, pace));
    if (overtaken > 0) onOvertaken(overtaken);
    if (carrying !== undefined) ready.push(carrying);
  }
  return ready;
}

function isUnbound({ page, bundleId }: ClaimedDelivery): boolean {
  return page?.person !== undefined && page.reason !== "emergency" && bundleId === null;
}

type BoundMessage = { readonly carrying: ClaimedDelivery | undefined; readonly overtaken: number };

async function bindMessage(tx: Tx, group: readonly ClaimedDelivery[], pace: PagePace): Promise<BoundMessage> {
  const [first] = group;
  if (first === undefined) return { carrying: undefined, overtaken: 0 };
  const { party, target } = first;
  await lockMessages(tx, party);
  const at = await now(tx);
  const waiting = await lockUnbound(tx, party, target);
  const pages = await endOvertakenAmong(tx, waiting, at);
  const overtaken = waiting.length - pages.length;
  const before = await findMessages(tx, party, at - Math.max(pace.withinMs, pace.windowMs));
  const { goes: sent, people, held, until } = planMessage(claimedFirst(pages, group), { target, before, pace }, at);
  if (held.length > 0) await holdPages(tx, held.map(idOf), until);
  const ids = sent.map(idOf);
  const carrying = group.find(({ deliveryId }) => ids.includes(deliveryId));
  // They are held, another process has fixed them meanwhile, or none of them is wanted any more.
  if (carrying === undefined) return { carrying, overtaken };
  const bundleId = newId("pgb");
  const payload = sent.length === 1 ? null : toBundlePayload(bundleId, target, sent.map(payloadOf));
  await insertBundle(tx, { bundleId, party, people, target, payload, at });
  await bindPages(tx, { bundleId, at }, carrying.deliveryId, ids);
  if (payload === null) return { carrying: { ...carrying, bundleId }, overtaken };
  return { carrying: { ...carrying, bundleId, payload, messageId: bundleId }, overtaken };
}

const idOf = ({ deliveryId }: UnboundPage): string => deliveryId;
const payloadOf = ({ payload }: UnboundPage): string => payload;

/** Pages as they wait. Those in hand come first: what is in another process' hand cannot be sent from here. */
function claimedFirst(pages: readonly UnboundPage[], group: readonly ClaimedDelivery[]) {
  const claimedIds = new Set(group.map(({ deliveryId }) => deliveryId));
  return pages
    .map((page) => ({ ...page, people: peopleOf(page), since: page.createdAt }))
    .toSorted(
      (delivery, other) => Number(claimedIds.has(other.deliveryId)) - Number(claimedIds.has(delivery.deliveryId)),
    );
}

function peopleOf({ page }: UnboundPage): string[] {
  return page?.person === undefined ? [] : [page.person, ...(page.alsoFor ?? [])];
}
