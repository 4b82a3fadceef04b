import { type Received, topics } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { FetchedRecord, PartitionName, TopicPartition } from "../broker.ts";
import { countRecords } from "../outbox.ts";
import { type Arrival, readRecord, type Wreck } from "./arrival.ts";
import {
  deleteWaiting,
  insertDead,
  insertWaiting,
  loadStandings,
  saveOffsets,
  saveStandings,
  updateWaits,
  type WaitingRow,
} from "./inbox.ts";
import { type GapReading, type Loss, settleMarks } from "./gaps.ts";
import type { Gap, Plan, PlanOptions, Standing } from "./plan.ts";

/** What all transactions of a consumer share. */
export type Reading = PlanOptions &
  GapReading & {
    readonly wanted: ReadonlySet<string> | undefined;
    /** See `ConsumerOptions`. */
    readonly ignores?: ((timeline: string, topic: string) => boolean) | undefined;
    readonly apply: (tx: Tx, events: readonly Received[]) => Promise<void>;
    /** Takes what is on the topic of gaps, which is no concern of the service itself. */
    readonly answer?: (tx: Tx, asked: readonly Received[]) => Promise<void>;
  };

/** What a transaction did, to be told after its commit. */
export type Settled = {
  readonly events: readonly Received[];
  readonly gaps: readonly Gap[];
  readonly losses: readonly Loss[];
  /** Partitions of which the owner has confirmed every key. */
  readonly mended: readonly PartitionName[];
  readonly dead: readonly Wreck[];
  readonly held: number;
};

/** The slices that a transaction has read to their ends, and their records of which not even the headers can be read. */
type SettledRecords = {
  readonly slices?: readonly (TopicPartition & { readonly nextOffset: number })[];
  readonly wrecks?: readonly Wreck[];
};

/** Applies what the plan made ready, and stores everything that the plan knows: in one round trip besides `apply`'s. */
export async function settle(
  tx: Tx,
  reading: Reading,
  plan: Plan,
  { slices = [], wrecks = [] }: SettledRecords = {},
): Promise<Settled> {
  const { ready, parked, gaps, heard } = plan;
  const [asked, events] = split(
    ready.flatMap(({ event }) => event ?? []),
    ({ topic }) => topic === topics.gap,
  );
  if (asked.length > 0) await reading.answer?.(tx, asked);
  if (events.length > 0) await reading.apply(tx, events);
  const standings = plan.standings();
  const held = plan.held();
  const [heldRows, heldNow] = split(held, ({ arrival }) => arrival.waitingId !== undefined);
  const [faulty, read] = split(ready, ({ fault }) => fault !== undefined);
  const dead = [...wrecks, ...faulty.map(asWreck)];
  const released = ready.flatMap(({ waitingId }) => waitingId ?? []);
  await Promise.all([
    slices.length > 0 && saveOffsets(tx, slices),
    standings.length > 0 && saveStandings(tx, standings),
    countRecords(
      tx,
      "applied",
      read.map(({ envelope }) => envelope),
    ),
    heldNow.length + parked.length > 0 && insertWaiting(tx, heldNow, parked),
    heldRows.length > 0 && updateWaits(tx, heldRows),
    released.length > 0 && deleteWaiting(tx, released),
    dead.length > 0 && insertDead(tx, dead),
    settleMarks(tx, reading, heard, gaps),
  ]);
  return { events, gaps, losses: [], mended: [], dead, held: held.length };
}

/** The strands whose standing a plan needs for these records: their own and their causes'. */
export function strandsOf(
  arrivals: readonly Arrival[],
  plan: Plan,
  reads: ReadonlySet<string>,
): { topic: string; key: string }[] {
  const strands: { topic: string; key: string }[] = [];
  const ask = ({ topic, key }: { readonly topic: string; readonly key: string }): void => {
    if (reads.has(topic) && plan.lacks(topic, key)) strands.push({ topic, key });
  };
  for (const { envelope } of arrivals) {
    ask(envelope);
    envelope.after?.forEach(ask);
  }
  return strands;
}

/** Tells the plan what the database says of these records' strands and their causes. */
export async function learn(
  tx: Tx,
  plan: Plan,
  arrivals: readonly Arrival[],
  reads: ReadonlySet<string>,
): Promise<void> {
  const strands = strandsOf(arrivals, plan, reads);
  if (strands.length > 0) know(plan, strands, await loadStandings(tx, strands));
}

/** The standings of these strands as they were found; what was not found was never seen. */
export function know(plan: Plan, strands: readonly { topic: string; key: string }[], found: readonly Standing[]): void {
  for (const { topic, key } of strands) plan.know({ topic, key, seen: 0, applied: 0 });
  for (const standing of found) plan.know(standing);
}

/** A row of inbox_waiting as the record that it was. */
export function fromRow(row: WaitingRow, wanted: ReadonlySet<string> | undefined): Arrival {
  const { id, topic, partition, key, sequence, timeline, body } = row;
  const headers = JSON.parse(row.headers) as Record<string, string>;
  const record: FetchedRecord = { topic, partition, key, headers, offset: 0, timestamp: 0, value: body ?? undefined };
  const arrival = readRecord(record, wanted, id);
  if ("envelope" in arrival) return arrival;
  // Its headers made sense to the version that stored it. It takes its turn, and goes to the dead letters then.
  const envelope = { id: `${topic}/${key}/${sequence}`, topic, partition, key, sequence, timeline, type: "", time: 0 };
  return { envelope, fault: arrival.fault, record, waitingId: id };
}

function asWreck({ record, fault = "", envelope }: Arrival): Wreck {
  return { record, fault, timeline: envelope.timeline };
}

function split<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  const groups = Map.groupBy(items, belongs);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}
