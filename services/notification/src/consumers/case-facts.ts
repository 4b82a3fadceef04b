import {
  type ClockEvent,
  type EventOf,
  type ReceivedMessage,
  timelineKind,
  topics,
  webhookEventType,
} from "@crossline/contracts";
import { type CaseAct, pageSignalsOf } from "@crossline/domain";
import { now, type Tx } from "@crossline/postgres";
import {
  type CaseRecord,
  type CaseVendor,
  findCases,
  findListeners,
  insertCases,
  insertVendors,
} from "../store/case-party.ts";
import { insertDeliveries } from "../store/delivery.ts";
import { findLaterWaiting, findReadings, saveEnds, saveReadings } from "../store/case-reading.ts";
import { findEarlyEvents, findVendorInterest, insertEarlyEvents } from "../store/early-event.ts";
import { type InternalEntry, insertInternalEntries } from "../store/internal-entry.ts";
import { endOvertaken } from "../store/overtaken.ts";
import { type CasePageFact, savePageFacts } from "../store/page-fact.ts";
import { appendResults } from "../store/result.ts";
import { match } from "./match.ts";
import { followReadings, withEnds } from "./vendor-ends.ts";

export type CaseFactsDeps = {
  /** How long a delivery to a subscription, or to an address of the last resort, can be tried before it is given up. */
  readonly giveUpMs: { readonly subscription: number; readonly lastResort: number };
};

/** Turns facts about cases into deliveries, in the transaction that reads them. The same fact makes the same ones once. */
export async function applyCaseFacts(tx: Tx, events: readonly ReceivedMessage[], deps: CaseFactsDeps): Promise<number> {
  const facts = events.filter(isHeardOf);
  if (facts.length === 0) return 0;
  const offers = facts.filter((event) => event.type === "handoff.offered");
  const caseIds = [...new Set(facts.map(({ key }) => key))];
  const calls = facts
    .filter(({ type }) => type === "last-resort.called" || type === "roster.paged")
    .map(({ key }) => key);
  // One round trip: statements that are not awaited one by one run in order. The projection comes first, so that events
  // and the offer that they follow may be in one batch.
  const [moment, , , , known, interest, early, found, called] = await Promise.all([
    now(tx),
    insertCases(tx, facts.flatMap(toCase)),
    insertVendors(tx, offers.map(toVendor)),
    insertInternalEntries(tx, facts.flatMap(toInternalEntry)),
    findReadings(
      tx,
      caseIds,
      offers.map(({ key }) => key),
    ),
    findVendorInterest(tx),
    findEarlyEvents(
      tx,
      offers.map(({ key }) => key),
    ),
    findListeners(tx, caseIds),
    findCases(tx, calls),
  ]);
  const { readings, ends } = followReadings(known, facts);
  const deliveries = match([...facts, ...early], withEnds(found, ends), called);
  const [inserted, later] = await Promise.all([
    insertDeliveries(tx, deliveries, moment, deps.giveUpMs),
    findLaterWaiting(tx, ends),
    saveReadings(tx, readings),
    saveEnds(tx, ends),
    insertEarlyEvents(tx, facts.filter(mayComeEarly(interest))),
    savePageFacts(tx, facts.flatMap(toPageFacts)),
  ]);
  const recorded = inserted.filter(({ state }) => state === "recorded");
  await appendResults(tx, "notification.recorded", recorded, moment);
  if (later.length > 0)
    await appendResults(tx, "notification.overtaken", await endOvertaken(tx, later, moment), moment);
  return inserted.length - recorded.length;
}

/** Of imports nobody hears anything; marks, imported rows and parties are no news of a case. */
function isHeardOf(event: ReceivedMessage): boolean {
  return timelineKind(event.timeline) !== "import" && webhookEventType.safeParse(event.type).success;
}

/** Events of the hand-off topic are in order with the offers; all others can overtake them. */
function mayComeEarly(interest: ReadonlySet<string>) {
  return ({ topic, timeline, type }: ReceivedMessage): boolean =>
    topic !== topics.handoff && (interest.has(`${timeline}/*`) || interest.has(`${timeline}/${type}`));
}

/** Elsewhere than on the wall no page is sent, so that none can be overtaken. */
function toPageFacts(event: ReceivedMessage): CasePageFact[] {
  if (timelineKind(event.timeline) !== "wall") return [];
  return pageSignalsOf(event as unknown as CaseAct | ClockEvent).map((fact) => ({ ...fact, caseId: event.key }));
}

function toCase(event: ReceivedMessage): CaseRecord[] {
  if (event.type !== "case.opened") return [];
  const { carrier, carrierCaseId } = event.data as EventOf<"case.opened">["data"];
  return [{ caseId: event.key, timeline: event.timeline, carrier, carrierCaseId }];
}

function toInternalEntry({ type, key: caseId, sequence, data }: ReceivedMessage): InternalEntry[] {
  if (type !== "entry.added") return [];
  const { chain, actor } = data as EventOf<"entry.added">["data"];
  return chain === "internal" ? [{ caseId, sequence, party: actor.party }] : [];
}

function toVendor(event: ReceivedMessage): CaseVendor {
  const { vendor } = event.data as EventOf<"handoff.offered">["data"];
  const before = (topic: string) =>
    Math.max(0, ...(event.after ?? []).filter((cause) => cause.topic === topic).map(({ sequence }) => sequence));
  return {
    caseId: event.key,
    vendor,
    since: {
      at: event.time,
      case: before(topics.case),
      clock: before(topics.clock),
      handoff: event.sequence,
    },
  };
}
