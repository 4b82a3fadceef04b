import {
  type ClockEvent,
  type EventOf,
  type ReceivedMessage,
  timelineKind,
  topics,
  webhookEventType,
} from "@crossline/contracts";
import { type CaseAct, onlyReaderOf, pageSignalsOf } from "@crossline/domain";
import { now, type Tx } from "@crossline/postgres";
import {
  type CaseRecord,
  type CaseVendor,
  findCases,
  findCaseSubscriptions,
  insertCases,
  insertVendors,
} from "../store/case-party.ts";
import { insertDeliveries } from "../store/delivery.ts";
import { findLaterWaiting, findReadings, saveEnds, saveReadings } from "../store/case-reading.ts";
import { findEarlyEvents, findVendorInterest, insertEarlyEvents } from "../store/early-event.ts";
import { type InternalEntry, insertInternalEntries } from "../store/internal-entry.ts";
import { endOvertaken } from "../store/overtaken.ts";
import { type CasePageSignal, savePageSignals } from "../store/page-signal.ts";
import { appendResults } from "../store/result.ts";
import { matchDeliveries } from "./match.ts";
import { followReadings, withEnds } from "./vendor-ends.ts";

export type CaseEventDeps = {
  /** The maximum time in milliseconds from the creation of a delivery until notification abandons the delivery. */
  readonly giveUpMs: { readonly subscription: number; readonly lastResort: number };
};

/**
 * Makes the deliveries of case events in the consumer's transaction, and returns their number. A repeated event makes no second
 * delivery.
 */
export async function applyCaseEvents(
  tx: Tx,
  events: readonly ReceivedMessage[],
  deps: CaseEventDeps,
): Promise<number> {
  const caseEvents = events.filter(isDeliverable);
  if (caseEvents.length === 0) return 0;
  const offers = caseEvents.filter((event) => event.type === "handoff.offered");
  const caseIds = [...new Set(caseEvents.map(({ key }) => key))];
  const calls = caseEvents
    .filter(({ type }) => type === "last-resort.called" || type === "roster.paged")
    .map(({ key }) => key);
  // All statements take one round trip: Postgres executes them in order, without a wait after each. The first statements update
  // the projection, since a batch can contain an offer and the events that follow the offer.
  const [moment, , , , storedReadings, interest, earlyEvents, subscriptions, pagedCases] = await Promise.all([
    now(tx),
    insertCases(tx, caseEvents.flatMap(toCase)),
    insertVendors(tx, offers.map(toVendor)),
    insertInternalEntries(tx, caseEvents.flatMap(toInternalEntry)),
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
    findCaseSubscriptions(tx, caseIds),
    findCases(tx, calls),
  ]);
  const { readings, ends } = followReadings(storedReadings, caseEvents);
  const deliveries = matchDeliveries([...caseEvents, ...earlyEvents], withEnds(subscriptions, ends), pagedCases);
  const [inserted, later] = await Promise.all([
    insertDeliveries(tx, deliveries, moment, deps.giveUpMs),
    findLaterWaiting(tx, ends),
    saveReadings(tx, readings),
    saveEnds(tx, ends),
    insertEarlyEvents(tx, caseEvents.filter(isPerhapsEarly(interest))),
    savePageSignals(tx, caseEvents.flatMap(toPageSignals)),
  ]);
  const recorded = inserted.filter(({ state }) => state === "recorded");
  await appendResults(tx, "notification.recorded", recorded, moment);
  if (later.length > 0)
    await appendResults(tx, "notification.overtaken", await endOvertaken(tx, later, moment), moment);
  return inserted.length - recorded.length;
}

/** Returns whether subscriptions can receive this type of event. Events of imports are never sent. */
function isDeliverable(event: ReceivedMessage): boolean {
  return timelineKind(event.timeline) !== "import" && webhookEventType.safeParse(event.type).success;
}

/**
 * Selects events that may follow an offer which notification has not read yet. An event of the hand-off topic cannot be early,
 * because notification reads the offers that precede it first.
 */
function isPerhapsEarly(interest: ReadonlySet<string>) {
  return ({ topic, timeline, type }: ReceivedMessage): boolean =>
    topic !== topics.handoff && (interest.has(`${timeline}/*`) || interest.has(`${timeline}/${type}`));
}

/**
 * Returns the signals of an event that can overtake pages. Only the wall timeline needs the signals, since the pages of other
 * timelines are never sent.
 */
function toPageSignals(event: ReceivedMessage): CasePageSignal[] {
  if (timelineKind(event.timeline) !== "wall") return [];
  return pageSignalsOf(event as unknown as CaseAct | ClockEvent).map((signal) => ({ ...signal, caseId: event.key }));
}

function toCase(event: ReceivedMessage): CaseRecord[] {
  if (event.type !== "case.opened") return [];
  const { carrier, carrierCaseId, canary } = event.data as EventOf<"case.opened">["data"];
  return [{ caseId: event.key, timeline: event.timeline, carrier, carrierCaseId, ofCanary: canary !== undefined }];
}

function toInternalEntry(event: ReceivedMessage): InternalEntry[] {
  const { key: caseId, sequence } = event;
  const party = onlyReaderOf(event);
  return party === undefined ? [] : [{ caseId, sequence, party }];
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
