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
import { applyCompanyEvents, companyEvents, isCompanyEvent } from "./company-events.ts";
import { applyRingTests, isRingTest } from "./ring-tests.ts";
import { saveTimelines } from "../store/timeline.ts";
import { applyCaseEvents, type CaseEventDeps } from "./case-events.ts";
import { applyReleasedMessages } from "./outbound-messages.ts";

const appliedTypes = new Set(
  [caseEvents, clockEvents, handoffEvents, partyEvents, rosterEvents, companyEvents].flatMap((events) =>
    Object.keys(events),
  ),
);
appliedTypes.delete("case.recorded"); // A replay publishes a year of `case.recorded` within seconds, and notification sends none of them.
appliedTypes.delete("timeline.removed"); // Notification stores nothing of an import.

/** The event types that notification applies. */
export const readTypes: ReadonlySet<string> = appliedTypes;

/** Applies a batch of events in the consumer's transaction, and makes the deliveries of these events. */
export async function applyEvents(
  tx: Tx,
  events: readonly ReceivedMessage[],
  giveUpMs: CaseEventDeps["giveUpMs"],
): Promise<void> {
  const parties = events.filter(isParty);
  if (parties.length > 0) await applyParties(tx, parties);
  await applyRingTests(tx, events.filter(isRingTest), { giveUpMs });
  await applyCompanyEvents(tx, events.filter(isCompanyEvent), { giveUpMs });
  await saveTimelines(
    tx,
    events.filter(({ type }) => type === "timeline.marked").map(({ timeline }) => timeline),
  );
  const others = events.filter((event) => !isParty(event) && !isRingTest(event) && !isCompanyEvent(event));
  await applyCaseEvents(tx, others, { giveUpMs });
  await applyReleasedMessages(tx, others, { giveUpMs });
}

function isParty(event: ReceivedMessage): event is ReceivedMessage<PartyEvent> {
  return event.topic === topics.party;
}
