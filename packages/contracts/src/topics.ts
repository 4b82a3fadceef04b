/** The topics of the services. The record key is the case id if the comment names no other. */
export const topics = {
  /** Cases, their contacts, handlings and entries, and the marks of timelines. Owner: intake. */
  case: "crossline.case.v1",
  /** Parties and the hashes of their API keys, keyed by party; compacted. Owner: intake. */
  party: "crossline.party.v1",
  /** Firings and other events of clocks. Owner: timer. */
  clock: "crossline.clock.v1",
  /** Hand-offs, pages and calls of the last resort. Owner: routing. */
  handoff: "crossline.handoff.v1",
  /** Lines, keyed `carrier/name@version`, and default lines, keyed `carrier/default`; compacted. Owner: routing. */
  line: "crossline.line.v1",
  /** Ring tests of rosters, keyed by the ring test. Owner: routing. */
  roster: "crossline.roster.v1",
  /** The ends of deliveries. Owner: notification. */
  notification: "crossline.notification.v1",
  /**
   * Pages that reach no person. Owner: notification. These pages have their own topic, because the topic of deliveries has far
   * more records.
   */
  page: "crossline.page.v1",
  /** The contact methods of this installation, under one key; compacted. Owner: notification. */
  dialling: "crossline.dialling.v1",
  /** Findings and audit watermarks. Owner: auditor. */
  audit: "crossline.audit.v1",
  /** Lost records of a service. Every service publishes and reads this topic. */
  gap: "crossline.gap.v1",
} as const;

/** The topics that keep only the last record of a key. Gaps in their sequences do not mean a loss. */
export const compactedTopics: readonly string[] = [topics.party, topics.line, topics.dialling];

/** The topics whose owner confirms the last sequence of every key to a service that has lost records. */
export const confirmedTopics: readonly string[] = [topics.case, topics.clock, topics.handoff, topics.page];

/** The topics that a rebuild or a late reader needs completely. If KAFKA_KEEP_FACTS is on, they keep every record. */
export const retainedTopics: readonly string[] = [topics.case, topics.clock, topics.handoff, topics.notification];

/** Returns the noun of a topic, which ids and clock starts contain: `case` of `crossline.case.v1`. */
export function topicNoun(topic: string): string {
  return topic.split(".")[1] ?? topic;
}

/**
 * Returns the queue topic of a vendor. Records of stepped timelines have their own topic, so that they never reach real people.
 */
export function queueTopic(vendor: string, kind: "wall" | "stepped"): string {
  return kind === "wall" ? `crossline.queue.${vendor}.v1` : `crossline.queue.${vendor}.stepped.v1`;
}
