import { newId } from "@crossline/contracts";
import { type Dialling, nextMessageAt, type PagePace, whyUndialled } from "@crossline/domain";
import { type Database, now, type Tx } from "@crossline/postgres";
import { toBundlePayload } from "../consumers/bundle-payload.ts";
import { findMessages, fixMembers, holdPages, insertBundle, lockMessages, lockUnbound } from "../store/bundle.ts";
import type { Claimed } from "../store/claim.ts";
import { endOvertakenAmong } from "./judge-pages.ts";

export type BundlingOptions = {
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
  claimed: readonly Claimed[],
  { pace, dialling, onOvertaken }: BundlingOptions,
): Promise<Claimed[]> {
  // What is never dialled here reaches no person: it waits for no message, and is given up at once.
  const waits = (one: Claimed): boolean => isUnbound(one) && whyUndialled(one.url, dialling) === undefined;
  const [unbound, ready] = [claimed.filter(waits), claimed.filter((one) => !waits(one))];
  const groups = Map.groupBy(unbound, ({ party, target }) => `${party} ${target}`);
  for (const group of groups.values()) {
    const { carrying, overtaken } = await database.transaction((tx) => fixMessage(tx, group, pace));
    if (overtaken > 0) onOvertaken(overtaken);
    if (carrying !== undefined) ready.push(carrying);
  }
  return ready;
}

function isUnbound({ page, bundleId }: Claimed): boolean {
  return page?.person !== undefined && page.reason !== "emergency" && bundleId === null;
}

type Fixed = { readonly carrying: Claimed | undefined; readonly overtaken: number };

async function fixMessage(tx: Tx, group: readonly Claimed[], pace: PagePace): Promise<Fixed> {
  const [first] = group;
  if (first?.page?.person === undefined) return { carrying: undefined, overtaken: 0 };
  const { party, target } = first;
  const { person } = first.page;
  await lockMessages(tx, party);
  const at = await now(tx);
  const waiting = await lockUnbound(tx, party, target);
  const pages = await endOvertakenAmong(tx, waiting, at);
  const overtaken = waiting.length - pages.length;
  const ids = pages.map(({ deliveryId }) => deliveryId);
  const carrying = group.find(({ deliveryId }) => ids.includes(deliveryId));
  // Another process has fixed them meanwhile, or none of them is wanted any more.
  if (carrying === undefined) return { carrying, overtaken };
  const before = await findMessages(tx, party, at - Math.max(pace.withinMs, pace.windowMs));
  const next = nextMessageAt({ person, target }, before, at, pace);
  if (next > at) {
    await holdPages(tx, ids, next);
    return { carrying: undefined, overtaken };
  }
  const bundleId = newId("pgb");
  const payload = pages.length === 1 ? null : toBundlePayload(bundleId, target, pages);
  await insertBundle(tx, { bundleId, party, person, target, payload, at });
  await fixMembers(tx, { bundleId, at }, carrying.deliveryId, ids);
  if (payload === null) return { carrying: { ...carrying, bundleId }, overtaken };
  return { carrying: { ...carrying, bundleId, payload, messageId: bundleId }, overtaken };
}
