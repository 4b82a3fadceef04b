import { type Instant, type Message, formatInstant, topics, wall } from "@crossline/contracts";
import { type Consumer, appendToOutbox } from "@crossline/messaging";
import { type Database, type Tx, now } from "@crossline/postgres";
import { type Log, type Loop, startLoop } from "@crossline/service";
import { findingKinds } from "../commands/report.ts";
import { forgetFindings } from "../store/findings.ts";
import { advanceWatermarks } from "../store/watermarks.ts";
import type { Judge } from "./judge.ts";

export type HeartbeatDeps = {
  readonly database: Database;
  readonly consumer: Pick<Consumer, "fences" | "owned">;
  readonly judge: Pick<Judge, "judgedUntil">;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly onBeat: () => void;
};

/** The maximum number of stored findings. The audit topic contains all findings. */
const findingsMax = 100_000;

/**
 * Starts the loop that publishes the audit watermark of each owned partition at a fixed interval. If the loop publishes no
 * watermark, an alarm follows.
 */
export function startHeartbeat(deps: HeartbeatDeps): Loop {
  const { database, consumer, judge, heartbeatMs, onBeat } = deps;
  const run = async (): Promise<{ sleepMs: number }> => {
    const beats = consumer.owned().map((partition) => ({ partition, until: judge.judgedUntil(partition) }));
    if (beats.length > 0) {
      await database.transaction((tx) => publishWatermarks(tx, consumer, beats));
      onBeat();
    }
    return { sleepMs: beats.length > 0 ? heartbeatMs : Math.min(heartbeatMs, 200) };
  };
  return startLoop({ name: "heartbeat", log: deps.log, run });
}

type AuditedPartition = { readonly partition: number; readonly until: Instant | undefined };

async function publishWatermarks(
  tx: Tx,
  consumer: HeartbeatDeps["consumer"],
  judged: readonly AuditedPartition[],
): Promise<void> {
  const partitions = judged.map(({ partition }) => partition);
  const [instant, fenced] = await Promise.all([now(tx), consumer.fences(tx, partitions)]);
  const ours = judged.filter(({ partition }) => fenced.has(partition));
  if (ours.length === 0) return;
  // For a partition that this process has not audited, the watermark is the epoch, which never replaces a stored watermark.
  const beats = await advanceWatermarks(
    tx,
    ours.map(({ partition, until }) => ({ partition, until: until ?? 0 })),
    findingKinds,
  );
  const messages = beats.map(({ partition, until, sequence, told, findings }): Message => ({
    topic: topics.audit,
    key: `watermark/${partition}`,
    sequence,
    type: "audit.watermark",
    time: instant,
    timeline: wall,
    data: { partition, until: formatInstant(until), told, findings },
  }));
  await Promise.all([appendToOutbox(tx, messages), forgetFindings(tx, findingsMax)]);
}
