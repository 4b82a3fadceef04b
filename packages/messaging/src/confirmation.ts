import type { Cause, Message } from "@crossline/contracts";

/**
 * The type of a record that is no fact: it says which sequence is the last of its topic and key so far. It bears that sequence,
 * and so the id of the fact that it stands for: a consumer that has read that far passes it over, and another one learns what
 * it can no longer read.
 */
export const confirmedType = "sequence.confirmed";

/** Says that this is the last record of its topic and key so far. On the wall: no timeline counts it. */
export function confirmation({ topic, key, sequence }: Cause): Message {
  return { topic, key, sequence, type: confirmedType, time: 0, timeline: "wall", data: {} };
}
