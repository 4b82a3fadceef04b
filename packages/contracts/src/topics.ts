/** The topics of the services. The record key is the case id, unless the comment of the topic names another key. */
export const topics = {
  /** Cases, their contacts, handlings and entries, and the marks of timelines. Owner: intake. */
  case: "crossline.case.v1",
  /** Announced changes and their receipts, keyed by the id of the change. Owner: intake. */
  change: "crossline.change.v1",
  /** Parties and the hashes of the API keys of companies, keyed by party; compacted. Owner: intake. */
  party: "crossline.party.v1",
  /** Firings and other events of clocks. Owner: timer. */
  clock: "crossline.clock.v1",
  /** Hand-offs, pages and calls of the last resort. Owner: routing. */
  handoff: "crossline.handoff.v1",
  /** Lines with the key `carrier/name@version`, and default lines with the key `carrier/default`; compacted. Owner: routing. */
  line: "crossline.line.v1",
  /** Ring tests of rosters, keyed by the id of the ring test. Owner: routing. */
  roster: "crossline.roster.v1",
  /** The outcomes of deliveries that have ended. Owner: notification. */
  notification: "crossline.notification.v1",
  /**
   * Unreachable pages. Owner: notification. Unreachable pages have their own topic, so that their consumer does not need to
   * read all records of deliveries.
   */
  page: "crossline.page.v1",
  /**
   * The outcomes of outbound messages that notification sent as mail. Owner: notification. These outcomes have their own topic,
   * because intake reads them and the topic of deliveries contains many other records.
   */
  mail: "crossline.mail.v1",
  /** The contact methods that this installation can use, under one key; compacted. Owner: notification. */
  dialling: "crossline.dialling.v1",
  /** Problems and their investigation, keyed by problem id. Owner: intake. */
  problem: "crossline.problem.v1",
  /** Findings and audit watermarks. Owner: auditor. */
  audit: "crossline.audit.v1",
  /**
   * Commands and reads that are no facts of a case, keyed by the id of the action. Every service publishes this topic, and the
   * console keeps the action log.
   */
  action: "crossline.action.v1",
  /** Records that a service has lost. Every service publishes and reads this topic. */
  gap: "crossline.gap.v1",
} as const;

/**
 * The topics that keep only the last record of each key. A gap in the sequences of a compacted topic does not mean that records
 * are lost.
 */
export const compactedTopics: readonly string[] = [topics.party, topics.line, topics.dialling];

/** The topics whose owner confirms the last sequence of every key to a service that has lost records. */
export const confirmedTopics: readonly string[] = [topics.case, topics.clock, topics.handoff, topics.page, topics.mail];

/**
 * The topics whose complete history a rebuild or a late reader needs. If KAFKA_KEEP_FACTS is on, these topics keep every
 * record. The mail topic is not one of them, because intake publishes the effect of each outcome on the case topic.
 */
export const retainedTopics: readonly string[] = [topics.case, topics.clock, topics.handoff, topics.notification];

/** Returns the noun of a topic: `case` for `crossline.case.v1`. Message ids and incarnations of clocks contain the noun. */
export function topicNoun(topic: string): string {
  return topic.split(".")[1] ?? topic;
}

/**
 * Returns the queue topic of a vendor. Records of stepped timelines have their own topic, so that these records never reach
 * real people.
 */
export function queueTopic(vendor: string, kind: "wall" | "stepped"): string {
  return kind === "wall" ? `${queuePrefix}${vendor}.v1` : `${queuePrefix}${vendor}.stepped.v1`;
}

/** The beginning of the names of all queue topics. Owner: routing. */
export const queuePrefix = "crossline.queue.";
