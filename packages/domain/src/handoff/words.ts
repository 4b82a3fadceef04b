import type { EntryKind, EventData, EventContent, EventOf, Evidence, HandoffEvent } from "@crossline/contracts";

/** The types of events that can carry words of a hand-off: all of its own topic, and two of the case's. */
type WordedEventType = HandoffEvent["type"] | "crossing.requested" | "case.reopened";
/** Such an event, as far as its words go. */
export type WordedEvent = EventContent<WordedEventType>;

/** What was said, as the dossier has it. */
export type EventWords = { readonly kind: EntryKind; readonly text: string };

type LabelledRow = readonly [label: string, said: string | undefined];

/** Of each fact, its words, line by line. `none` are those that carry none, or that repeat what another fact has said. */
const rowsOf: { readonly [T in WordedEventType]: ((data: EventData<T>) => readonly LabelledRow[]) | "none" } = {
  "crossing.requested": ({ reason }) => [["Asked for help", reason]],
  "case.reopened": ({ code, reason }) => [
    ["Reopened", reason],
    ["Code", code],
  ],
  "handoff.info-requested": ({ code, items, question }) => [
    ["Question", question],
    ["Wanted", items.length === 0 ? undefined : items.join(", ")],
    ["Code", code],
  ],
  "handoff.info-provided": ({ answer }) => [["Answer", answer]],
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
    ["Passed on to", to],
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
};

const messageTypes: ReadonlySet<WordedEventType> = new Set(["handoff.info-requested", "handoff.info-provided"]);

/** The words of a fact, for both companies; undefined where it has none. Who a person is stays in the fact's own subject block. */
export function wordsOf({ type, data }: WordedEvent): EventWords | undefined {
  const lines = rowsOf[type];
  if (lines === "none") return undefined;
  const spoken = (lines as (given: typeof data) => readonly LabelledRow[])(data).filter(
    ([, text]) => text !== undefined,
  );
  if (spoken.length === 0) return undefined;
  return {
    kind: messageTypes.has(type) ? "message" : "decision",
    text: spoken.map(([label, text]) => `${label}: ${text}`).join("\n"),
  };
}

/** Whether a fact is one of those that can carry words. */
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
