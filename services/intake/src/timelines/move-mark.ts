import { type Instant, formatInstant, topics } from "@crossline/contracts";
import { eventOf } from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { type TimelineRow, saveMark } from "../store/timelines.ts";

/**
 * Moves a timeline's mark and publishes the mark to every partition. In each partition, the mark follows all records with an earlier
 * time, so that a consumer has read them before it reads the mark. The caller must have locked the timeline's row.
 */
export async function moveMark(
  tx: Tx,
  timeline: Pick<TimelineRow, "id" | "marks">,
  mark: Instant,
  { partitions, ended = false }: { readonly partitions: number; readonly ended?: boolean },
): Promise<void> {
  const sequence = timeline.marks + 1;
  const events = Array.from({ length: partitions }, (_, partition) =>
    eventOf(
      "timeline.marked",
      { mark: formatInstant(mark) },
      {
        topic: topics.case,
        key: `${timeline.id}/${partition}`,
        partition,
        sequence,
        time: mark,
        timeline: timeline.id,
      },
    ),
  );
  await Promise.all([saveMark(tx, timeline.id, { mark, marks: sequence, ended }), appendToOutbox(tx, events)]);
}
