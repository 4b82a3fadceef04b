import type { ServiceName } from "./api/operations.ts";
import { topics } from "./topics.ts";

/** The topics of a service. Only the owner of a topic publishes it. */
export type TopicAccess = { readonly owns: readonly string[]; readonly reads: readonly string[] };

/**
 * The topics that each service owns, and the topics that its consumer reads. Every service also publishes and reads `topics.gap`, publishes
 * `topics.action`, and reads the installation id on `topics.party`. The services take their subscriptions from this table, and the rights
 * of their Kafka users (`serviceRights`).
 */
export const topicAccess = {
  intake: {
    owns: [topics.case, topics.change, topics.party, topics.problem],
    reads: [topics.handoff, topics.clock, topics.line, topics.mail],
  },
  timer: { owns: [topics.clock], reads: [topics.case, topics.handoff, topics.line, topics.party] },
  routing: {
    owns: [topics.handoff, topics.line, topics.roster],
    reads: [topics.case, topics.clock, topics.page, topics.party, topics.dialling],
  },
  notification: {
    owns: [topics.notification, topics.page, topics.mail, topics.dialling],
    reads: [topics.case, topics.clock, topics.handoff, topics.party, topics.roster, topics.change, topics.problem],
  },
  auditor: { owns: [topics.audit], reads: [topics.case, topics.handoff, topics.clock, topics.line] },
  insight: { owns: [], reads: [topics.case, topics.handoff, topics.party] },
  console: {
    owns: [],
    reads: [topics.case, topics.handoff, topics.clock, topics.line, topics.party, topics.action],
  },
} as const satisfies Readonly<Record<ServiceName, TopicAccess>>;
