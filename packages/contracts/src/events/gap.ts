import { z } from "zod";

/**
 * What a consumer does that lost records: they were deleted from a topic before it had read them. `gap.found` travels on
 * `crossline.gap.v1`, keyed `<service>/<topic>/<partition>`; the other two on the topic that they are about. They are no facts:
 * who does not look for losses passes them over.
 */
export const gapEvents = {
  /** The service that published it has lost records of this partition, and asks its owner for the last sequence of every key. */
  "gap.found": z.object({
    topic: z.string().meta({ description: "The topic whose records were deleted" }),
    partition: z.int(),
  }),
  /** On the owner's topic: `ce_sequence` is the last one of this key so far. It has the id of the record that it confirms. */
  "sequence.confirmed": z.object({}),
  /** On the owner's topic: the last sequence of every key of this partition was confirmed. */
  "gap.confirmed": z.object({}),
} as const;

/** Their types by what they are for. */
export const gapTypes = {
  found: "gap.found",
  head: "sequence.confirmed",
  closed: "gap.confirmed",
} as const satisfies Record<string, keyof typeof gapEvents>;
