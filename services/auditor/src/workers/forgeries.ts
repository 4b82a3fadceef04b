import { headsAnswer, headsMax, headsQuestion, type ReceivedMessage } from "@crossline/contracts";
import { type Consumer, type SeenKey, listSeen, partitionOf, readSeen } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { type ForgedKey, type ReportForgedDeps, reportForged } from "../commands/report-forged.ts";
import type { Report } from "../commands/report.ts";
import { createChangedKeys } from "../commands/changed-keys.ts";

export type ForgeryDeps = Omit<ReportForgedDeps, "consumer"> & {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "fences" | "owned">;
  /** The URLs of the owners, by topic. */
  readonly owners: Readonly<Record<string, string>>;
  readonly internalKey: string;
  readonly log: Log;
  readonly onReport: (report: Report) => void;
};

/** The search for forged records. */
export type ForgerySearch = Loop & {
  /** Notes cases with new records, which the search compares first. */
  note(events: readonly ReceivedMessage[]): void;
};

const idleMs = 1_000;
const pauseMs = 200;
/**
 * The search rests nine times as long as a comparison took, so under load it takes at most a tenth of a core. Without this rest, a flood of
 * one carrier delayed the crossings of another carrier by 1,365 instead of 450 ms.
 */
const restPerWork = 9;
const answerWithinMs = 5_000;
const start = { topic: "", key: "" };
const caseIdPrefix = "cs_";

/**
 * Starts the loop that searches for forged records. A service commits a sequence before its relay sends the record. If the auditor has
 * read a sequence that the owner does not have afterwards, the record does not come from the owner's outbox. The loop compares cases
 * with new records once a second, and later under load. After a start, and after a change of the owned partitions, the loop also walks
 * all cases.
 */
export function startForgerySearch(deps: ForgeryDeps): ForgerySearch {
  const { database, consumer, partitions, owners, onReport } = deps;
  const topics = Object.keys(owners);
  const changed = createChangedKeys(topics);
  let walkedTo: typeof start | undefined = start;
  let walkedFor = "";

  async function run(signal: AbortSignal): Promise<{ sleepMs: number }> {
    const startedAt = performance.now();
    const owned = new Set(consumer.owned());
    const name = [...owned].join(" ");
    // A walk that runs continues to its end, because an overflow must not restart it forever.
    if (name !== walkedFor || (walkedTo === undefined && changed.takeOverflow())) walkedTo = start;
    walkedFor = name;
    if (owned.size === 0) return { sleepMs: idleMs };
    const hasMore = await compareChanged(owned, signal);
    if (walkedTo !== undefined) walkedTo = await walk(walkedTo, owned, signal);
    const shortestMs = hasMore || walkedTo !== undefined ? pauseMs : idleMs;
    return { sleepMs: Math.max(shortestMs, restPerWork * (performance.now() - startedAt)) };
  }

  /** Compares cases with new records. Returns true if more of them may wait. */
  async function compareChanged(owned: ReadonlySet<number>, signal: AbortSignal): Promise<boolean> {
    const taken = changed.take(headsMax);
    try {
      for (const { topic, keys } of taken) await compare(await readSeen(database, topic, keys), owned, signal);
    } catch (error) {
      changed.add(taken.flatMap(({ topic, keys }) => keys.map((key) => ({ topic, key }))));
      throw error;
    }
    return taken.some(({ keys }) => keys.length === headsMax);
  }

  /** Compares the cases after a place. Returns the next place, and undefined at the end. */
  async function walk(after: typeof start, owned: ReadonlySet<number>, signal: AbortSignal) {
    const page = await listSeen(database, topics, after, headsMax);
    for (const seen of Map.groupBy(page, ({ topic }) => topic).values()) await compare(seen, owned, signal);
    return page.at(-1);
  }

  /** Compares cases of one topic with the owner of the topic, which must answer after the auditor has read the sequences. */
  async function compare(seen: readonly SeenKey[], owned: ReadonlySet<number>, signal: AbortSignal): Promise<void> {
    const cases = seen.filter(({ key }) => key.startsWith(caseIdPrefix) && owned.has(partitionOf(key, partitions)));
    const [first] = cases;
    if (first === undefined) return;
    const heads = await askOwner(deps, { topic: first.topic, keys: cases.map(({ key }) => key) }, signal);
    const forged = cases
      .map((one): ForgedKey => ({ ...one, last: heads.get(one.key) }))
      .filter(({ sequence, last = 0 }) => sequence > last);
    if (forged.length > 0) onReport(await database.transaction((tx) => reportForged(tx, deps, forged)));
  }

  const backOff = { firstMs: idleMs, longestMs: 30_000 };
  const loop = startLoop({ name: "search for forged records", log: deps.log, run, backOff });
  return { ...loop, note: (events) => changed.add(events) };
}

/** Asks the owner of a topic for the last sequences of cases. Rejects if the owner does not answer with 200 in time. */
async function askOwner(
  { owners, internalKey }: Pick<ForgeryDeps, "owners" | "internalKey">,
  question: { readonly topic: string; readonly keys: readonly string[] },
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${owners[question.topic]}/internal/heads`, {
    method: "POST",
    headers: { authorization: `Bearer ${internalKey}`, "content-type": "application/json" },
    body: JSON.stringify(headsQuestion.parse(question)),
    signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
  });
  if (!response.ok) throw new Error(`the owner of ${question.topic} answered ${response.status}`);
  const { heads } = headsAnswer.parse(await response.json());
  return new Map(heads.map(({ key, sequence }) => [key, sequence]));
}
