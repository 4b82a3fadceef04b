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
const fetchMs = 1_000;
const rebalanceMs = 10_000;
const commitMs = 5_000;
/** A kafkajs consumer that gets no response for this time counts as dead, even if it reports no error. */
const silentMs = rebalanceMs + 10_000;

const runOptions = { autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: 128 };

/**
 * The life of one kafkajs consumer, from the join to its end. A session is never restarted: the next consumer gets a
 * new session.
 */
export type Session = {
  /** Resolves with the reason if the consumer has ended without `stop`. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
  assigned(): readonly TopicPartition[];
  /** The time of the last response, by `performance.now()`. */
  lastAnswerAt(): number;
};

/** `onFetched` is called for each fetch that Kafka grants, with or without records. A refused fetch is also a response. */
export type SessionOptions = SubscribeOptions & { readonly onFetched?: () => void };

/** Creates a kafkajs consumer, joins the group and delivers its records. */
export function openSession(
  kafka: Kafka,
  options: SessionOptions,
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
    responses.stop();
    timers.stop();
    const leaving = leave(consumer, group, log);
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
      setImmediate(() => void close()); // kafkajs does not notice a stop during the join
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
    // The rejoin failed while the coordinator was loading, and kafkajs continued to fetch. The broker then treats this
    // consumer as a member of the same generation with the same partitions, and kafkajs emits no event. After a pause
    // of Kafka, a consumer was seen in this state for 90 s.
    log.warn({ group }, "the group continues in the same generation; its partitions are taken over again");
    assignment = beginAssignment(context, placesOf(assignment), assignment);
  });
  consumer.on("consumer.fetch", () => options.onFetched?.());
  consumer.on("consumer.crash", ({ payload }) => fail(payload.error));
  const responses = watchResponses(consumer, silentMs, () => fail(new Error("the Kafka consumer gets no responses")));
  const timers = startTimers(consumer, context, () => assignment);

  const run = async (): Promise<void> => {
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: options.fromBeginning ?? true });
    await consumer.run({
      ...runOptions,
      eachBatch: async (payload) => {
        if (assignment !== undefined && !closed) await takeBatch(context, assignment, payload, heartbeatMs);
      },
    });
  };
  const started = run().catch((error: unknown) => fail(error instanceof Error ? error : new Error(String(error))));

  return {
    failed: failure.promise,
    assigned: () => [...(assignment?.partitions.values() ?? [])].filter(({ next }) => next !== undefined),
    lastAnswerAt: () => responses.lastAnswerAt(),
    async stop() {
      await Promise.race([started, pause(rebalanceMs)]);
      if (!closed) await Promise.race([commitPositions(consumer, assignment), pause(500)]);
      await Promise.race([close(), pause(5_000)]);
      await assignment?.idle();
    },
  };
}

function leave(consumer: Consumer, group: string, log: Log): Promise<void> {
  return consumer
    .disconnect()
    .catch((error: unknown) => log.debug({ group, err: error }, "the consumer could not leave the group cleanly"));
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
      // The consumer has just crashed, and the next session seeks again.
    }
  };
}

function makeConsumer(
  kafka: Kafka,
  { group, pollMs, sessionTimeoutMs = sessionMs(pollMs) }: SubscribeOptions,
): Consumer {
  // kafkajs sends heartbeats between fetches, so a fetch must not wait for longer than a third of the session timeout.
  const waitMaxMs = Math.floor(sessionTimeoutMs / 3);
  return kafka.consumer({
    groupId: group,
    partitionAssigners: [copartitionedAssigner],
    sessionTimeout: sessionTimeoutMs,
    rebalanceTimeout: rebalanceMs,
    heartbeatInterval: Math.min(pollMs ?? heartbeatMs, waitMaxMs),
    // A new record ends a waiting fetch at once.
    maxWaitTimeInMs: Math.min(pollMs ?? fetchMs, waitMaxMs),
    maxBytesPerPartition: 512 * 1024,
    allowAutoTopicCreation: false,
    // kafkajs counts retries over a consumer's whole life, so the limit must be infinite. `watchResponses` finds dead consumers.
    retry: {
      initialRetryTime: 100,
      maxRetryTime: 500,
      retries: Number.MAX_SAFE_INTEGER,
      restartOnFailure: async () => false,
    },
  });
}

/** Three heartbeats must fit into the session timeout. The broker's minimum is 6 s. */
function sessionMs(pollMs = heartbeatMs): number {
  return Math.max(6_000, 3 * pollMs);
}

function placesOf({ partitions }: Assignment): TopicPartition[] {
  return [...partitions.values()].map(({ topic, partition }) => ({ topic, partition }));
}

/**
 * Commits the positions to Kafka, so that other tools can show the lag of the group. The consumer never reads these
 * offsets, so a failed commit does no harm.
 */
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
    // If the commit fails, the next commit includes these positions.
  }
}

function toPartitions(memberAssignment: Record<string, number[]>): TopicPartition[] {
  return Object.entries(memberAssignment).flatMap(([topic, partitions]) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
