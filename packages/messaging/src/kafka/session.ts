import type { Consumer, Kafka } from "kafkajs";
import { pause } from "../backoff.ts";
import type { Log, PartitionName, SubscribeOptions, TopicPartition } from "../broker.ts";
import type { OffsetRange } from "../start-offset.ts";
import { copartitionedAssigner } from "./assigner.ts";
import { beginAssignment } from "./assignment.ts";
import type { Assignment, AssignmentContext } from "./assignment.ts";
import { takeBatch } from "./batch.ts";
import { watchLosses } from "./losses.ts";
import { watchResponses } from "./response-watch.ts";

const heartbeatMs = 500;
const rebalanceMs = 10_000;
const commitMs = 5_000;
/** Without an answer for so long a kafkajs consumer is taken for dead, whatever it believes itself. */
const silentMs = rebalanceMs + 10_000;

/** One kafkajs consumer, from joining the group to its end. It is never restarted: the next one is a new session. */
export type Session = {
  /** Resolves with the reason when the consumer has ended without being asked to. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
  assigned(): readonly TopicPartition[];
  lastAnswerAt(): number;
};

export function openSession(
  kafka: Kafka,
  options: SubscribeOptions,
  log: Log,
  ranges: (topics: readonly string[]) => Promise<ReadonlyMap<PartitionName, OffsetRange>>,
): Session {
  const { group } = options;
  const consumer = makeConsumer(kafka, options);
  const failure = Promise.withResolvers<Error>();
  let assignment: Assignment | undefined;
  let closed = false;

  const context: AssignmentContext = { options, log, ranges, seek: seekIn(consumer) };

  const close = (): Promise<unknown> => {
    closed = true;
    signs.stop();
    rounds.stop();
    const leaving = consumer.disconnect().catch((error: unknown) => log.debug({ group, err: error }, "left badly"));
    assignment?.end();
    return leaving;
  };
  const fail = (error: Error): void => {
    if (closed) return;
    void close();
    failure.resolve(error);
  };

  consumer.on("consumer.group_join", ({ payload: { memberAssignment, memberId } }) => {
    if (closed) {
      setImmediate(() => void close()); // stopped while it was joining, which kafkajs does not see
      return;
    }
    options.onJoined?.(memberId);
    assignment?.end();
    const partitions = toPartitions(memberAssignment);
    log.info({ group, partitions: partitions.length }, "joined the group");
    assignment = beginAssignment(context, partitions, assignment);
  });
  consumer.on("consumer.rebalancing", () => assignment?.end());
  consumer.on("consumer.heartbeat", () => {
    if (closed || assignment?.ending.aborted !== true) return;
    // The rejoining failed while the coordinator was loading, and kafkajs went back to its fetching: the broker takes it for a
    // member of the same generation again, with the same partitions, and nobody tells. (Seen for 90 s after a pause of Kafka.)
    log.warn({ group }, "the group goes on as it was; its partitions are taken over again");
    assignment = beginAssignment(context, placesOf(assignment), assignment);
  });
  consumer.on("consumer.crash", ({ payload }) => fail(payload.error));
  const signs = watchResponses(consumer, silentMs, () => fail(new Error("the Kafka consumer has fallen silent")));
  const rounds = startTimers(consumer, context, () => assignment);

  const run = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: options.fromBeginning ?? true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 128,
      eachBatch: async (payload) => {
        if (assignment !== undefined && !closed) await takeBatch(context, assignment, payload, heartbeatMs);
      },
    });
  };
  const started = run().catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));

  return {
    failed: failure.promise,
    assigned: () => [...(assignment?.partitions.values() ?? [])].filter(({ next }) => next !== undefined),
    lastAnswerAt: () => signs.lastAnswerAt(),
    async stop() {
      await Promise.race([started, pause(rebalanceMs)]);
      if (!closed) await Promise.race([commitPositions(consumer, assignment), pause(500)]);
      await Promise.race([close(), pause(5_000)]);
      await assignment?.idle();
    },
  };
}

function startTimers(consumer: Consumer, context: AssignmentContext, current: () => Assignment | undefined) {
  const commits = setInterval(() => void commitPositions(consumer, current()), commitMs);
  const losses = watchLosses(context, current);
  return {
    stop(): void {
      clearInterval(commits);
      losses.stop();
    },
  };
}

function seekIn(consumer: Consumer): AssignmentContext["seek"] {
  return ({ topic, partition }, offset) => {
    try {
      consumer.seek({ topic, partition, offset: String(offset) });
    } catch {
      // It crashed just now; the next session seeks again.
    }
  };
}

function makeConsumer(kafka: Kafka, { group, sessionTimeoutMs = 6_000 }: SubscribeOptions): Consumer {
  return kafka.consumer({
    groupId: group,
    partitionAssigners: [copartitionedAssigner],
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: rebalanceMs,
    heartbeatInterval: heartbeatMs,
    // A record that arrives still answers a waiting fetch at once; idle, there is one request a second.
    maxWaitTimeInMs: 1_000,
    maxBytesPerPartition: 512 * 1024,
    allowAutoTopicCreation: false,
    // kafkajs counts the tries over a consumer's whole life, so the number must not end; `watch` looks for what is dead.
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 500,
      retries: Number.MAX_SAFE_INTEGER,
      restartOnFailure: async () => false,
    },
  });
}

function placesOf({ partitions }: Assignment): TopicPartition[] {
  return [...partitions.values()].map(({ topic, partition }) => ({ topic, partition }));
}

/** For ordinary tools, which show a group's lag by it. Nothing here reads it, so that it fails is no matter. */
async function commitPositions(consumer: Consumer, assignment: Assignment | undefined): Promise<void> {
  if (assignment === undefined || assignment.ending.aborted) return;
  const offsets = [...assignment.partitions.values()]
    .filter(({ next, committed }) => next !== undefined && next !== committed)
    .map((owned) => ({ owned, next: owned.next ?? 0 }));
  if (offsets.length === 0) return;
  try {
    await consumer.commitOffsets(
      offsets.map(({ owned: { topic, partition }, next }) => ({ topic, partition, offset: String(next) })),
    );
    for (const { owned, next } of offsets) owned.committed = next;
  } catch {
    // The next round commits more.
  }
}

function toPartitions(memberAssignment: Record<string, number[]>): TopicPartition[] {
  return Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
