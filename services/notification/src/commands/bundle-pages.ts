import { newId } from "@crossline/contracts";
import { type Dialling, type PagePace, planMessage, diallingFaultOf } from "@crossline/domain";
import { type Database, now, type Tx } from "@crossline/postgres";
import { toBundlePayload } from "../delivery/bundle-payload.ts";
import {
  findMessages,
  fixMembers,
  holdPages,
  insertBundle,
  lockMessages,
  lockUnbound,
  type UnboundPage,
} from "../store/bundle.ts";
import type { Claimed } from "../store/claim.ts";
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
  claimed: readonly Claimed[],
  { pace, dialling, onOvertaken }: BundlingDeps,
): Promise<Claimed[]> {
  // What is never dialled here reaches no person: it waits for no message, and is given up at once.
  const waits = (one: Claimed): boolean => isUnbound(one) && diallingFaultOf(one.url, dialling) === undefined;
  const [unbound, ready] = [claimed.filter(waits), claimed.filter((one) => !waits(one))];
  // By age: where the limit of a person leaves room for one message, the address whose page is the oldest has it.
  const byAge = unbound.toSorted((one, other) => (one.deliveryId < other.deliveryId ? -1 : 1));
  const groups = Map.groupBy(byAge, ({ party, target }) => `${party} ${target}`);
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
  if (first === undefined) return { carrying: undefined, overtaken: 0 };
  const { party, target } = first;
  await lockMessages(tx, party);
  const at = await now(tx);
  const waiting = await lockUnbound(tx, party, target);
  const pages = await endOvertakenAmong(tx, waiting, at);
  const overtaken = waiting.length - pages.length;
  const before = await findMessages(tx, party, at - Math.max(pace.withinMs, pace.windowMs));
  const { goes, people, held, until } = planMessage(oursFirst(pages, group), { target, before, pace }, at);
  if (held.length > 0) await holdPages(tx, held.map(idOf), until);
  const ids = goes.map(idOf);
  const carrying = group.find(({ deliveryId }) => ids.includes(deliveryId));
  // They are held, another process has fixed them meanwhile, or none of them is wanted any more.
  if (carrying === undefined) return { carrying, overtaken };
  const bundleId = newId("pgb");
  const payload = goes.length === 1 ? null : toBundlePayload(bundleId, target, goes.map(payloadOf));
  await insertBundle(tx, { bundleId, party, people, target, payload, at });
  await fixMembers(tx, { bundleId, at }, carrying.deliveryId, ids);
  if (payload === null) return { carrying: { ...carrying, bundleId }, overtaken };
  return { carrying: { ...carrying, bundleId, payload, messageId: bundleId }, overtaken };
}

const idOf = ({ deliveryId }: UnboundPage): string => deliveryId;
const payloadOf = ({ payload }: UnboundPage): string => payload;

/** Pages as they wait. Those in hand come first: what is in another process' hand cannot be sent from here. */
function oursFirst(pages: readonly UnboundPage[], group: readonly Claimed[]) {
  const ours = new Set(group.map(({ deliveryId }) => deliveryId));
  return pages
    .map((page) => ({ ...page, people: peopleOf(page), since: page.createdAt }))
    .toSorted((one, other) => Number(ours.has(other.deliveryId)) - Number(ours.has(one.deliveryId)));
}

function peopleOf({ page }: UnboundPage): string[] {
  return page?.person === undefined ? [] : [page.person, ...(page.alsoFor ?? [])];
}
