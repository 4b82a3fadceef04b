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
  /** Receives the number of pages that ended as overtaken. */
  readonly onOvertaken: (count: number) => void;
};

/**
 * Makes page bundles before the first attempt, and returns the claimed deliveries that can be sent now. If a person may get a
 * message now, the function binds all pages that wait for the same address to that message. If the person may get no message now,
 * the pages wait. An emergency page, or a delivery that is not a page, is sent alone.
 */
export async function bundlePages(
  database: Database,
  claimed: readonly ClaimedDelivery[],
  { pace, dialling, onOvertaken }: BundlingDeps,
): Promise<ClaimedDelivery[]> {
  // A page to an address that this installation cannot use does not wait for a message. The attempt to send such a page fails,
  // and notification abandons the page at once.
  const waits = (delivery: ClaimedDelivery): boolean =>
    isUnbound(delivery) && diallingFaultOf(delivery.url, dialling) === undefined;
  const [unbound, ready] = [claimed.filter(waits), claimed.filter((delivery) => !waits(delivery))];
  // The oldest page comes first. If a person's limit allows only one more message, the address with the oldest page gets that
  // message.
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
  // All pages of the group are held, bound by another process, or overtaken.
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

/**
 * Sorts the waiting pages. The pages that this process has claimed come first, because this process cannot send pages that
 * another process has claimed.
 */
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
