import type { EntryKind, EventData, EventContent, EventOf, Evidence, HandoffEvent } from "@crossline/contracts";

/** The types of events that can carry texts of a hand-off: all types of the hand-off topic, and two of the case topic. */
type WordedEventType = HandoffEvent["type"] | "crossing.requested" | "case.reopened";
/** The type and data of an event that can carry texts. */
export type WordedEvent = EventContent<WordedEventType>;

/** The text of an event in the form of an entry, and the kind of this entry. */
export type EventWords = { readonly kind: EntryKind; readonly text: string };

type LabelledRow = readonly [label: string, said: string | undefined];

/**
 * Each function returns the labelled rows of the text of one event type. `none`: the event has no text, or repeats the text of
 * another event.
 */
const rowsOf: { readonly [T in WordedEventType]: ((data: EventData<T>) => readonly LabelledRow[]) | "none" } = {
  "crossing.requested": ({ reason }) => [["Crossing requested", reason]],
  "case.reopened": ({ code, reason }) => [
    ["Reopened", reason],
    ["Code", code],
  ],
  "handoff.info-requested": ({ code, items, question }) => [
    ["Question", question],
    ["Requested items", items.length === 0 ? undefined : items.join(", ")],
    ["Code", code],
  ],
  "handoff.info-provided": ({ answer }) => [["Reply", answer]],
  "handoff.accepted": ({ nextStep, readBack: { problem, tried, needBy } }) => [
    ["Next step", nextStep],
    ["Problem as read back", problem],
    ["Tried as read back", tried],
    ["Needed by as read back", needBy],
  ],
  "handoff.rejected": ({ code, note }) => [
    ["Rejected", code],
    ["Note", note],
  ],
  "handoff.returned": ({ code, evidence, note }) => [["Returned", code], ...evidenceRows(evidence), ["Note", note]],
  "handoff.transferred": ({ to, code, evidence, note }) => [
    ["Transferred to", to],
    ["Code", code],
    ...evidenceRows(evidence),
    ["Note", note],
  ],
  "handoff.resolved": ({ fixCode, rootCause, note }) => [
    ["Resolved", fixCode],
    ["Root cause", rootCause],
    ["Note", note],
  ],
  "joint.session-held": ({ outcome }) => [["Joint session", outcome]],
  "handoff.offered": "none",
  "handoff.claimed": "none",
  "handoff.renewed": "none",
  "handoff.released": "none",
  "handoff.confirmed": "none",
  "handoff.reopened": "none",
  "handoff.lapsed": "none",
  "handoff.withdrawn": "none",
  "handoff.taken": "none",
  "joint.declared": "none",
  "joint.person-named": "none",
  "line.exhausted": "none",
  "last-resort.called": "none",
  "roster.paged": "none",
  "pool.assigned": "none",
  "pool.claimed": "none",
  "pool.released": "none",
  "pool.lapsed": "none",
  "pool.skipped": "none",
};

const messageTypes: ReadonlySet<WordedEventType> = new Set(["handoff.info-requested", "handoff.info-provided"]);

/**
 * Returns the text of an event for all companies; undefined if the event has no text. The names of persons stay in the subject
 * block of the event.
 */
export function wordsOf({ type, data }: WordedEvent): EventWords | undefined {
  const rowsOfType = rowsOf[type];
  if (rowsOfType === "none") return undefined;
  const rows = (rowsOfType as (given: typeof data) => readonly LabelledRow[])(data).filter(
    ([, text]) => text !== undefined,
  );
  if (rows.length === 0) return undefined;
  return {
    kind: messageTypes.has(type) ? "message" : "decision",
    text: rows.map(([label, text]) => `${label}: ${text}`).join("\n"),
  };
}

/** Returns true if an event of this type can carry texts. */
export function canCarryWords(event: { readonly type: string }): event is EventOf<WordedEventType> {
  return Object.hasOwn(rowsOf, event.type);
}

function evidenceRows(evidence: Evidence | undefined): readonly LabelledRow[] {
  return [
    ["Test", evidence?.test],
    ["Result", evidence?.result],
    ["Would change our mind", evidence?.wouldChangeOurMind],
  ];
}
