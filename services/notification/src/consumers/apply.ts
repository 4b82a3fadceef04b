import { applyParties } from "@crossline/access";
import {
  caseEvents,
  clockEvents,
  handoffEvents,
  type PartyEvent,
  partyEvents,
  type ReceivedMessage,
  rosterEvents,
  topics,
} from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { applyRingTests, isRingTest } from "./ring-tests.ts";
import { saveTimelines } from "../store/timeline.ts";
import { applyCaseEvents, type CaseEventDeps } from "./case-events.ts";

/** The topics whose facts somebody may hear of, and the parties, to know who is calling. */
export const readTopics = [topics.case, topics.clock, topics.handoff, topics.party, topics.roster] as const;

const appliedTypes = new Set(
  [caseEvents, clockEvents, handoffEvents, partyEvents, rosterEvents].flatMap((events) => Object.keys(events)),
);
appliedTypes.delete("case.recorded"); // Rows of imports: a year of them in some seconds, and nobody hears of any.
appliedTypes.delete("timeline.removed"); // Nothing of an import is kept here.

/** The event types that notification applies. */
export const readTypes: ReadonlySet<string> = appliedTypes;

/** Applies a batch of facts in the consumer's transaction: it makes deliveries of them. */
export async function applyEvents(
  tx: Tx,
  events: readonly ReceivedMessage[],
  giveUpMs: CaseEventDeps["giveUpMs"],
): Promise<void> {
  const parties = events.filter(isParty);
  if (parties.length > 0) await applyParties(tx, parties);
  await applyRingTests(tx, events.filter(isRingTest), { giveUpMs });
  await saveTimelines(
    tx,
    events.filter(({ type }) => type === "timeline.marked").map(({ timeline }) => timeline),
  );
  const facts = events.filter((event) => !isParty(event) && !isRingTest(event));
  await applyCaseEvents(tx, facts, { giveUpMs });
}

function isParty(event: ReceivedMessage): event is ReceivedMessage<PartyEvent> {
  return event.topic === topics.party;
}
