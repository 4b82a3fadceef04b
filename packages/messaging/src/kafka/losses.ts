import { pause } from "../backoff.ts";
import { partitionName } from "../partition.ts";
import type { PartitionName } from "../broker.ts";
import { type Assignment, type AssignmentContext, handOutLoss, type OwnedPartition } from "./assignment.ts";

const everyMs = 2_000;
/** A subscription with its own interval polls once in this number of intervals, because a poll costs two requests. */
const intervals = 5;

/**
 * Finds partitions in which all records from the position on were deleted. Fetches of such a partition return no batch,
 * so without this watch the position would stay below the end for ever. Two polls must find the same position, because
 * during one poll a batch can be in flight.
 */
export function watchLosses(context: AssignmentContext, current: () => Assignment | undefined): { stop(): void } {
  const { pollMs: intervalMs } = context.options;
  const pollMs = intervalMs === undefined ? everyMs : intervalMs * intervals;
  const stopping = new AbortController();
  let before: ReadonlyMap<PartitionName, number> = new Map();

  async function poll(assignment: Assignment): Promise<void> {
    const idle = [...assignment.partitions.values()].filter(isIdle);
    const ranges = await context.ranges([...new Set(idle.map(({ topic }) => topic))]);
    const stalled = new Map<PartitionName, number>();
    for (const owned of idle) {
      const name = partitionName(owned.topic, owned.partition);
      const range = ranges.get(name);
      const next = owned.fetchedTo;
      if (range === undefined || next === undefined || !isIdle(owned)) continue;
      if (next >= range.low && next <= range.high) continue;
      stalled.set(name, next);
      if (before.get(name) !== next || assignment.ending.aborted) continue;
      handOutLoss(context, assignment, owned, range);
      context.seek(owned, range.low);
    }
    before = stalled;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(pollMs, stopping.signal);
      const assignment = current();
      if (assignment === undefined || assignment.ending.aborted || stopping.signal.aborted) continue;
      await poll(assignment).catch(() => {}); // the broker is unavailable: the next poll retries
    }
  }

  void run();
  return { stop: () => stopping.abort() };
}

function isIdle({ next, work }: OwnedPartition): boolean {
  return next !== undefined && work === undefined;
}
