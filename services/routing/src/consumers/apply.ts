import { applyParties } from "@crossline/access";
import {
  type HandoffEvent,
  type ReceivedMessage,
  type ReceivedEvent,
  caseEvents,
  clockEvents,
  diallingEvents,
  pageEvents,
  partyEvents,
  timelineKind,
  topics,
} from "@crossline/contracts";
import { saveRemovedTimelines } from "@crossline/messaging";
import type { Tx } from "@crossline/postgres";
import { applyMarks } from "@crossline/projection";
import { saveDialling } from "../store/dialling.ts";
import type { Lines } from "../store/lines.ts";
import type { DutyReader } from "../store/on-duty.ts";
import { type CaseInput, applyCaseEvents } from "./case-events.ts";

/**
 * The event types that routing applies. Routing skips an event of any type outside this set, and reads only its headers.
 * Routing skips `case.recorded`, since cases of imports never cross and most records of a replay have this type. Routing also
 * skips warnings, since a warning changes no hand-off.
 */
export const readTypes: ReadonlySet<string> = new Set(
  [caseEvents, clockEvents, pageEvents, partyEvents, diallingEvents]
    .flatMap((events) => Object.keys(events))
    .filter((type) => type !== "case.recorded" && type !== "clock.warned"),
);

/**
 * The result of a transaction of the consumer. After the commit, routing updates its metrics from the result and wakes the loops.
 */
export type AppliedBatch = {
  readonly handoffEvents: readonly HandoffEvent[];
  /** Cases that were opened under the built-in line. */
  readonly underBuiltin: readonly string[];
  /** True if the batch contained a record of a party, which may be a new vendor. */
  readonly parties: boolean;
};

/** Applies one batch of new events, in order for each case, in the caller's transaction. */
export async function apply(
  tx: Tx,
  { lines, duty }: { readonly lines: Lines; readonly duty: DutyReader },
  events: readonly ReceivedMessage[],
): Promise<AppliedBatch> {
  const { cases, marks, parties, dialling, removed } = sortByUse(events);
  await saveRemovedTimelines(tx, removed);
  if (parties.length > 0) await applyParties(tx, parties);
  const last = dialling.at(-1);
  if (last !== undefined) await saveDialling(tx, last.data);
  const handoffEvents = cases.length === 0 ? [] : await applyCaseEvents(tx, lines, duty, cases);
  await applyMarks(tx, marks);
  const underBuiltin = cases.flatMap((event) =>
    event.type === "case.opened" && event.data.line.carrier === "builtin" ? [event.key] : [],
  );
  return { handoffEvents, underBuiltin, parties: parties.length > 0 };
}

/**
 * Sorts events by their use and drops the events of imports. The cases of an import never cross, and routing stores only the
 * lines and calendars of an import.
 */
function sortByUse(events: readonly ReceivedMessage[]) {
  const cases: CaseInput[] = [];
  const marks: ReceivedEvent<"timeline.marked">[] = [];
  const parties: ReceivedEvent<"party.recorded">[] = [];
  const dialling: ReceivedEvent<"dialling.configured">[] = [];
  const removed: string[] = [];
  for (const event of events) {
    if (event.topic === topics.party) parties.push(event as ReceivedEvent<"party.recorded">);
    else if (event.topic === topics.dialling) dialling.push(event as ReceivedEvent<"dialling.configured">);
    else if (event.type === "timeline.removed") removed.push(event.timeline);
    else if (timelineKind(event.timeline) === "import") continue;
    else if (event.type === "timeline.marked") marks.push(event as ReceivedEvent<"timeline.marked">);
    else cases.push(event as CaseInput);
  }
  return { cases, marks, parties, dialling, removed };
}
