/** The topics that services exchange facts over. Records are keyed by case id unless said otherwise. */
export const topics = {
  /** Cases, their contacts, handlings and entries, and the marks of timelines. Owner: intake. */
  case: "crossline.case.v1",
  /** Parties and the hashes of their keys, keyed by party; compacted. Owner: intake. */
  party: "crossline.party.v1",
  /** What came due. Owner: timer. */
  clock: "crossline.clock.v1",
  /** Who holds a case: hand-offs, exhaustion, the last resort. Owner: routing. */
  handoff: "crossline.handoff.v1",
  /** Lines, keyed `carrier/name@version`, and defaults, keyed `carrier/default`; compacted. Owner: routing. */
  line: "crossline.line.v1",
  /** Ring tests of rosters, keyed by the test. Owner: routing. */
  roster: "crossline.roster.v1",
  /** What became of deliveries. Owner: notification. */
  notification: "crossline.notification.v1",
  /** Pages of which no person can be reached. Owner: notification. Apart from deliveries, which are many. */
  page: "crossline.page.v1",
  /** Which ways this installation dials, under one key; compacted. Owner: notification. */
  dialling: "crossline.dialling.v1",
  /** What did not fire as it had to, and how far that has been looked at. Owner: auditor. */
  audit: "crossline.audit.v1",
  /** Which records a service could not read before they were deleted. Every service publishes and reads it. */
  gap: "crossline.gap.v1",
} as const;

/** The topics that keep only the last record of a key: gaps in their sequences are no loss. */
export const compactedTopics: readonly string[] = [topics.party, topics.line, topics.dialling];

/** The topics whose owner confirms the last sequence of every key to a service that has lost records. */
export const confirmedTopics: readonly string[] = [topics.case, topics.clock, topics.handoff, topics.page];

/** The topics that a rebuild or a late reader needs whole: where KAFKA_KEEP_FACTS is on, they keep every record. */
export const retainedTopics: readonly string[] = [topics.case, topics.clock, topics.handoff, topics.notification];

/** The noun of a topic, by which ids and starts of clocks name it: `case` of `crossline.case.v1`. */
export function topicNoun(topic: string): string {
  return topic.split(".")[1] ?? topic;
}

/** The topic that one vendor reads. A stepped timeline's records go to a topic of their own: they never reach real people. */
export function queueTopic(vendor: string, kind: "wall" | "stepped"): string {
  return kind === "wall" ? `crossline.queue.${vendor}.v1` : `crossline.queue.${vendor}.stepped.v1`;
}
