import { z } from "zod";

/**
 * The events after lost records, which Kafka deleted before a consumer read them. `gap.found` is on `crossline.gap.v1` with the
 * key `<service>/<topic>/<partition>`; the other two are on the topic with the loss. Consumers that have lost no records skip
 * them.
 */
export const gapEvents = {
  /**
   * The publishing service has lost records of this partition. It asks the owner of the topic for the last sequence of every
   * key.
   */
  "gap.found": z.object({
    topic: z.string().meta({ description: "The topic whose records were deleted" }),
    partition: z.int(),
  }),
  /**
   * On the owner's topic: `ce_sequence` is the last sequence of this key so far. The event has the id of the record that it
   * confirms.
   */
  "sequence.confirmed": z.object({}),
  /** On the owner's topic: the owner has confirmed the last sequence of every key of this partition. */
  "gap.confirmed": z.object({}),
} as const;

/** The types of these events by their purpose. */
export const gapTypes = {
  found: "gap.found",
  head: "sequence.confirmed",
  closed: "gap.confirmed",
} as const satisfies Record<string, keyof typeof gapEvents>;
