import { pause } from "../backoff.ts";
import type { Broker, Log, Subscription } from "../broker.ts";
import { createCaughtUp } from "./caught-up.ts";
import type { Ownership } from "./ownership.ts";

export type EndOffsetPollOptions = {
  readonly broker: Broker;
  readonly group: string;
  readonly topics: readonly string[];
  readonly ownership: Ownership;
  readonly subscription: Subscription;
  readonly claimed: () => void;
  readonly log: Log;
  readonly signal: AbortSignal;
};

const lookMs = 1_000;
// Who is behind is looked at more often: how much intake lets in depends on it.
const behindLookMs = 200;
const behindFrom = 100;
const reclaimAfterMs = 10_000;

/** How far the topics reach. */
export type EndOffsetPoll = ReturnType<typeof startEndOffsetPoll>;

/** Looks once a second, or five times while much waits, how far the topics reach, and whether what is assigned to us is ours. */
export function startEndOffsetPoll({
  broker,
  group,
  topics,
  ownership,
  subscription,
  claimed,
  log,
  signal,
}: EndOffsetPollOptions) {
  const caughtUp = createCaughtUp(topics, ownership.positionOf);
  let triedAt = performance.now();

  async function run(): Promise<void> {
    for (let disownedAt: number | undefined; !signal.aborted;) {
      const startedAt = performance.now();
      try {
        const ends = await broker.endOffsets(topics);
        caughtUp.looked(startedAt, performance.now(), ends);
      } catch (error) {
        caughtUp.failed();
        if (!signal.aborted) log.debug({ group, err: error }, "the broker did not tell its end offsets");
      }
      disownedAt = await reclaim(disownedAt);
      triedAt = performance.now();
      const againMs = caughtUp.behind(ownership.owned()) > behindFrom ? behindLookMs : lookMs;
      await pause(againMs - (performance.now() - startedAt), signal);
    }
  }

  /** Two members may have claimed in the wrong order. The true one notices by still being assigned a while later. */
  async function reclaim(disownedAt: number | undefined): Promise<number | undefined> {
    const disowned = subscription.assigned().filter((place) => ownership.token(place) === undefined);
    if (disowned.length === 0) return undefined;
    const since = disownedAt ?? performance.now();
    if (performance.now() - since < reclaimAfterMs) return since;
    log.warn({ group, partitions: disowned }, "partitions of this member had another owner; they are claimed again");
    try {
      await ownership.claim(disowned);
      claimed();
      return undefined;
    } catch (error) {
      log.warn({ group, err: error }, "partitions were not claimed; tried again");
      return since;
    }
  }

  return {
    running: run(),
    isCaughtUp: (partition: number): boolean =>
      ownership.owned().includes(partition) && caughtUp.isCaughtUp(partition, performance.now()),
    /** By topic, of the partitions that are ours; undefined while nobody knows. */
    lag: (): Readonly<Record<string, number>> | undefined => caughtUp.lag(ownership.owned(), performance.now()),
    behind: (): number => caughtUp.behind(ownership.owned()),
    ageMs: (): number => caughtUp.ageMs(performance.now()),
    /** Since the last look ended, well or not. */
    silentMs: (): number => performance.now() - triedAt,
  };
}
