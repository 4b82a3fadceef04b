import { z } from "zod";

/**
 * Services publish these events after Kafka deleted records that a consumer had not read. `gap.found` is on `crossline.gap.v1`
 * with the key `<service>/<topic>/<partition>`. `sequence.confirmed` and `gap.confirmed` are on the topic of the lost records.
 * Consumers that have lost no records skip these two events.
 */
export const gapEvents = {
  /**
   * The service that publishes this event has lost records of this partition. The owner of the topic must confirm the last
   * sequence of every key.
   */
  "gap.found": z.object({
    topic: z.string().meta({ description: "The topic whose records were deleted" }),
    partition: z.int(),
  }),
  /**
   * The owner of the topic confirms that `ce_sequence` is the last sequence of this key so far. The event has the same id as
   * the record with this sequence.
   */
  "sequence.confirmed": z.object({}),
  /** The owner of the topic has confirmed the last sequence of every key of this partition. */
  "gap.confirmed": z.object({}),
} as const;

/** The event types about lost records, by purpose. */
export const gapTypes = {
  found: "gap.found",
  head: "sequence.confirmed",
  closed: "gap.confirmed",
} as const satisfies Record<string, keyof typeof gapEvents>;
