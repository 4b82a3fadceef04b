import { type HandoffEvent, type Instant, type ReceivedEvent, topics, wall } from "@crossline/contracts";
import { type CrossingDeps, type CrossingInput, react, accessAfterDecision } from "@crossline/domain";
import { type Tx, now } from "@crossline/postgres";
import { lockCases } from "../store/case-crossings.ts";
import { knownErrorsOf, readKnownErrors } from "../store/known-errors.ts";
import type { Lines } from "../store/lines.ts";
import type { Duty } from "../store/on-duty.ts";
import { type Decided, saveDecisions } from "../store/save-decisions.ts";

/** What hand-offs listen to, as it comes from the topics of cases and clocks. */
export type CaseInput = ReceivedEvent<CrossingInput["type"]>;

/** Loads the cases of a batch, decides event by event, saves: a few statements in three round trips, however many events. */
export async function applyCaseEvents(
  tx: Tx,
  lines: Lines,
  duty: Duty,
  events: readonly CaseInput[],
): Promise<HandoffEvent[]> {
  const caseIds = new Set(events.map(({ key }) => key));
  const isOnTheWall = events.some(({ timeline }) => timeline === wall);
  const found = await lockCases(tx, [...caseIds].toSorted());
  const refs = [
    ...found.map(({ line }) => line),
    ...events.flatMap((event) =>
      event.type === "case.opened" || event.type === "case.moved" ? [event.data.line] : [],
    ),
  ];
  const [instant, known] = await Promise.all([
    isOnTheWall ? now(tx) : 0,
    readKnownErrors(tx, found),
    lines.load(tx, refs),
  ]);
  const onDuty = await duty.load(tx, [...new Set(refs.flatMap((ref) => lines.find(ref) ?? []))]);
  const decided = new Map<string, Decided>(
    found.map((state) => [state.caseId, { before: state, state, messages: [], sights: [] }]),
  );
  for (const event of events) {
    decideOne(decided, event, lines, { instant, onDuty, knownErrors: knownErrorsOf(known, event.timeline) });
  }
  const all = [...decided.values()];
  await saveDecisions(tx, all);
  return all.flatMap(({ messages }) => messages).filter((message) => isHandoffEvent(message));
}

function decideOne(
  decided: Map<string, Decided>,
  event: CaseInput,
  lines: Lines,
  { instant, onDuty, knownErrors }: { readonly instant: Instant } & Omit<CrossingDeps, "line">,
): void {
  const known = decided.get(event.key);
  const isNewlyUnder = event.type === "case.opened" || event.type === "case.moved";
  const ref = isNewlyUnder ? event.data.line : known?.state.line;
  if (ref === undefined) throw new Error(`the first event of a case must be case.opened, not ${event.type}`);
  const { state, messages: plain } = react(known?.state, event, { line: lines.get(ref), onDuty, knownErrors }, instant);
  const { traceparent } = event;
  const messages = traceparent === undefined ? plain : plain.map((message) => ({ ...message, traceparent }));
  if (known === undefined) {
    decided.set(event.key, { before: undefined, state, messages: [...messages], sights: [] });
  } else {
    known.sights.push(...accessAfterDecision(known.state, state));
    known.state = state;
    known.messages.push(...messages);
  }
}

function isHandoffEvent(message: Decided["messages"][number]): message is HandoffEvent {
  return message.topic === topics.handoff;
}
