import { pause } from "../backoff.ts";
import type { Broker, Log, Subscription } from "../broker.ts";
import { createCaughtUp } from "./caught-up.ts";
import type { Ownership } from "./ownership.ts";

/** The options of `startEndOffsetPoll`. */
export type EndOffsetPollOptions = {
  readonly broker: Broker;
  readonly group: string;
  readonly topics: readonly string[];
  readonly ownership: Ownership;
  readonly assigned: Subscription["assigned"];
  readonly claimed: () => void;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The interval of the poll, in milliseconds. Default: 1,000. An answer counts for this interval and 2 s. */
  readonly pollMs?: number | undefined;
};

const everySecondMs = 1_000;
// A member with a backlog polls more often, because intake's admission depends on the polled lag.
const behindPollMs = 200;
const behindFrom = 100;
const reclaimAfterMs = 10_000;

/** A running poll of the end offsets of the topics. */
export type EndOffsetPoll = ReturnType<typeof startEndOffsetPoll>;

/**
 * Polls the end offsets of the topics every `pollMs`, or five times a second with a backlog. The loop also checks that
 * this member owns its assigned partitions.
 */
export function startEndOffsetPoll({
  broker,
  group,
  topics,
  ownership,
  assigned,
  claimed,
  log,
  signal,
  pollMs = everySecondMs,
}: EndOffsetPollOptions) {
  const pollAgeMaxMs = pollMs + 2_000;
  const caughtUp = createCaughtUp(topics, ownership.positionOf, pollAgeMaxMs);
  let triedAt = performance.now();

  async function run(): Promise<void> {
    for (let disownedAt: number | undefined; !signal.aborted;) {
      const startedAt = performance.now();
      try {
        const ends = await broker.endOffsets(topics);
        caughtUp.polled(startedAt, performance.now(), ends);
      } catch (error) {
        caughtUp.failed();
        if (!signal.aborted) log.debug({ group, err: error }, "the broker did not return its end offsets");
      }
      disownedAt = await reclaim(disownedAt);
      triedAt = performance.now();
      const nextMs = caughtUp.behind(ownership.owned()) > behindFrom ? behindPollMs : pollMs;
      await pause(nextMs - (performance.now() - startedAt), signal);
    }
  }

  /**
   * Two members can claim a partition in the wrong order. If the assignment of a member still includes the partition
   * after `reclaimAfterMs`, that member claims the partition again.
   */
  async function reclaim(disownedAt: number | undefined): Promise<number | undefined> {
    const disowned = assigned().filter((place) => ownership.token(place) === undefined);
    if (disowned.length === 0) return undefined;
    const since = disownedAt ?? performance.now();
    if (performance.now() - since < reclaimAfterMs) return since;
    log.warn(
      { group, partitions: disowned },
      "another member has claimed partitions of this member; they are claimed again",
    );
    try {
      await ownership.claim(disowned);
      claimed();
      return undefined;
    } catch (error) {
      log.warn({ group, err: error }, "partitions were not claimed; the claim is retried");
      return since;
    }
  }

  return {
    running: run(),
    pollAgeMaxMs,
    isCaughtUp: (partition: number): boolean =>
      ownership.owned().includes(partition) && caughtUp.isCaughtUp(partition, performance.now()),
    /** The lag of the owned partitions by topic; undefined while it is unknown. */
    lag: (): Readonly<Record<string, number>> | undefined => caughtUp.lag(ownership.owned(), performance.now()),
    behind: (): number => caughtUp.behind(ownership.owned()),
    ageMs: (): number => caughtUp.ageMs(performance.now()),
    /** Milliseconds since the last poll ended, with success or failure. */
    silentMs: (): number => performance.now() - triedAt,
  };
}
