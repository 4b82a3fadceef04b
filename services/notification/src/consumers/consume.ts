import { applyParties } from "@crossline/access";
import {
  caseEvents,
  clockEvents,
  handoffEvents,
  type PartyEvent,
  partyEvents,
  type Received,
  rosterEvents,
  topics,
  timelineKind,
} from "@crossline/contracts";
import { type Broker, type Consumer, type ConsumerMetrics, startConsumer } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import type { Log } from "@crossline/service";
import type { Tracing } from "@crossline/tracing";
import { readHeads } from "../store/heads.ts";
import { applyRingTests, isRingTest } from "./ring-tests.ts";
import { saveTimelines } from "../store/timeline.ts";
import { applyCaseFacts, type CaseFactsOptions } from "./case-facts.ts";

/** The topics whose facts somebody may hear of, and the parties, to know who is calling. */
export const readTopics = [topics.case, topics.clock, topics.handoff, topics.party, topics.roster] as const;

const gatherMs = 50;

export type ConsumeOptions = CaseFactsOptions & {
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  readonly partitions: number;
  readonly metrics: ConsumerMetrics;
  readonly tracing: Tracing;
  readonly sessionTimeoutMs: number | undefined;
  readonly onApplied: () => void;
};

const wanted = new Set(
  [caseEvents, clockEvents, handoffEvents, partyEvents, rosterEvents].flatMap((events) => Object.keys(events)),
);
wanted.delete("case.recorded"); // Rows of imports: a year of them in some seconds, and nobody hears of any.
wanted.delete("timeline.removed"); // Nothing of an import is kept here.

/** Reads the facts and makes deliveries of them. */
export function consumeFacts(options: ConsumeOptions): Promise<Consumer> {
  const { database, broker, log, partitions, metrics, tracing, giveUpMs, sessionTimeoutMs, onApplied } = options;
  return startConsumer({
    database,
    broker,
    log,
    partitions,
    gaps: { service: "notification", heads: { [topics.page]: readHeads } },
    group: "notification",
    topics: readTopics,
    types: wanted,
    ignores: (timeline) => timelineKind(timeline) === "import",
    metrics,
    tracing,
    ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
    gatherMs, // A webhook's receiver is some milliseconds away at best, and this reads every fact there is.
    apply: async (tx, events) => {
      const parties = events.filter(isParty);
      if (parties.length > 0) await applyParties(tx, parties);
      await applyRingTests(tx, events.filter(isRingTest), { giveUpMs });
      await saveTimelines(
        tx,
        events.filter(({ type }) => type === "timeline.marked").map(({ timeline }) => timeline),
      );
      const facts = events.filter((event) => !isParty(event) && !isRingTest(event));
      await applyCaseFacts(tx, facts, { giveUpMs });
    },
    onApplied,
  });
}

function isParty(event: Received): event is Received<PartyEvent> {
  return event.topic === topics.party;
}
