import { type HandoffEvent, type Instant, type ReceivedEvent, topics, wall } from "@crossline/contracts";
import { type CrossingDeps, type CrossingInput, react, accessAfterDecision } from "@crossline/domain";
import { type Tx, now } from "@crossline/postgres";
import { lockCases } from "../store/case-crossings.ts";
import { knownErrorsOf, readKnownErrors } from "../store/known-errors.ts";
import type { Lines } from "../store/lines.ts";
import type { DutyReader } from "../store/on-duty.ts";
import { decideWithPeople } from "../store/people.ts";
import { type CaseDecisions, saveDecisions } from "../store/save-decisions.ts";

/** An event that can change the hand-offs of a case. */
export type CaseInput = ReceivedEvent<CrossingInput["type"]>;

/**
 * Loads the cases of a batch, decides event by event, and saves the decisions. A batch of any size takes three round trips. A batch
 * whose decisions ask for pools or for the skills of people takes up to three more for each question.
 */
export async function applyCaseEvents(
  tx: Tx,
  lines: Lines,
  duty: DutyReader,
  events: readonly CaseInput[],
): Promise<HandoffEvent[]> {
  const caseIds = new Set(events.map(({ key }) => key));
  const isOnTheWall = events.some(({ timeline }) => timeline === wall);
  const states = await lockCases(tx, [...caseIds].toSorted());
  const refs = [
    ...states.map(({ line }) => line),
    ...events.flatMap((event) =>
      event.type === "case.opened" || event.type === "case.moved" ? [event.data.line] : [],
    ),
  ];
  const [instant, entry] = await Promise.all([
    isOnTheWall ? now(tx) : 0,
    readKnownErrors(tx, states),
    lines.load(tx, refs),
  ]);
  const onDuty = await duty.load(tx, [...new Set(refs.flatMap((ref) => lines.find(ref) ?? []))]);
  const decided = await decideWithPeople(tx, duty, (people) => {
    const decisions = new Map<string, CaseDecisions>(
      states.map((state) => [state.caseId, { before: state, state, messages: [], accessChanges: [] }]),
    );
    for (const event of events) {
      const knownErrors = knownErrorsOf(entry, event.timeline);
      decideEvent(decisions, event, lines, { instant, onDuty, knownErrors, ...people });
    }
    return [...decisions.values()];
  });
  await saveDecisions(tx, decided);
  return decided.flatMap(({ messages }) => messages).filter((message) => isHandoffEvent(message));
}

function decideEvent(
  decisions: Map<string, CaseDecisions>,
  event: CaseInput,
  lines: Lines,
  { instant, ...deps }: { readonly instant: Instant } & Omit<CrossingDeps, "line">,
): void {
  const entry = decisions.get(event.key);
  const isNewlyUnder = event.type === "case.opened" || event.type === "case.moved";
  const ref = isNewlyUnder ? event.data.line : entry?.state.line;
  if (ref === undefined) throw new Error(`the first event of a case must be case.opened, not ${event.type}`);
  const { state, messages: plain } = react(entry?.state, event, { line: lines.get(ref), ...deps }, instant);
  const { traceparent } = event;
  const messages = traceparent === undefined ? plain : plain.map((message) => ({ ...message, traceparent }));
  if (entry === undefined) {
    decisions.set(event.key, { before: undefined, state, messages: [...messages], accessChanges: [] });
  } else {
    entry.accessChanges.push(...accessAfterDecision(entry.state, state));
    entry.state = state;
    entry.messages.push(...messages);
  }
}

function isHandoffEvent(message: CaseDecisions["messages"][number]): message is HandoffEvent {
  return message.topic === topics.handoff;
}
