import {
  type CaseEvent,
  type EventData,
  type Instant,
  type Message,
  type ReceivedMessage,
  eventsByTopic,
  newId,
  timelineKind,
  topics,
  wall,
} from "@crossline/contracts";
import {
  type CaseDecision,
  type CaseInput,
  type CaseState,
  commandCase,
  isEnded,
  isRefused,
  applyToCase,
  accessAfterCommand,
  accessAfterEvent,
} from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { applyLines } from "@crossline/projection";
import { type DossierRows, createDossierRows } from "../commands/dossier-rows.ts";
import { createAccessChanges } from "../commands/access-changes.ts";
import { saveEnds } from "../store/case-parties.ts";
import { lockCases, updateCases } from "../store/cases.ts";
import { endHandlings } from "../store/dossier.ts";
import { saveDefault } from "../store/lines.ts";
import { takeWaitingContacts } from "../store/waiting-contacts.ts";

/** The topics whose facts change what intake knows. Parties are its own. */
export const readTopics = [topics.handoff, topics.clock, topics.line] as const;

export const readTypes: ReadonlySet<string> = new Set(readTopics.flatMap((topic) => Object.keys(eventsByTopic[topic])));

/** Takes one batch of facts, new and in order for each case, in the caller's transaction. */
export async function apply(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  await applyLines(tx, events);
  await applyDefaults(tx, events);
  // What an observing line's clocks fire on a recorded history means nothing for its cases: thousands come at once.
  const ofCases = events.filter(({ topic, timeline }) => topic !== topics.line && timelineKind(timeline) !== "import");
  if (ofCases.length > 0) await applyToCases(tx, ofCases as readonly ReceivedMessage[] as readonly CaseInput[]);
}

async function applyDefaults(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  for (const { type, data } of events) {
    if (type === "line.defaulted") await saveDefault(tx, data as EventData<"line.defaulted">);
  }
}

async function applyToCases(tx: Tx, events: readonly CaseInput[]): Promise<void> {
  const ids = [...new Set(events.map(({ key }) => key))].toSorted();
  const isOnTheWall = events.some(({ timeline }) => timeline === wall);
  const [rows, instant] = await Promise.all([lockCases(tx, ids), isOnTheWall ? now(tx) : 0]);
  const cases = new Map(rows.map(({ state }) => [state.id, state]));
  const messages: Message[] = [];
  const sights = createAccessChanges();
  const ended = new Map<string, Instant>();
  const dossier = createDossierRows();
  for (const event of events) {
    const state = cases.get(event.key);
    if (state === undefined) throw new Error(`${event.type} is about a case that is not here`);
    const decision = applyToCase(state, event, instant);
    messages.push(...decision.messages);
    for (const message of decision.messages) dossier.add(message, decision.state, undefined);
    const sighted = accessAfterEvent(state, event, decision);
    sights.add(state, sighted.changes);
    cases.set(event.key, sighted.state);
    if (event.type === "handoff.accepted") {
      const joined = await addWaitingContacts(tx, sighted.state, event.data.vendor, dossier);
      messages.push(...joined.messages);
      cases.set(event.key, accessAfterCommand(sighted.state, joined.state).state);
    }
    if (isEnded(decision.state.status) && !isEnded(state.status)) ended.set(event.key, decision.state.lastEventAt);
  }
  await Promise.all([
    updateCases(tx, [...cases.values()]),
    saveEnds(
      tx,
      rows.map(({ state }) => state),
      [...cases.values()],
    ),
    dossier.save(tx),
    sights.save(tx),
    endHandlings(
      tx,
      [...ended].map(([caseId, at]) => ({ caseId, at })),
    ),
    appendToOutbox(tx, messages),
  ]);
}

/** A vendor that takes a case brings what its own people were told about the device before. One that a full case refuses is dropped. */
async function addWaitingContacts(
  tx: Tx,
  found: CaseState,
  vendor: string,
  dossier: DossierRows,
): Promise<CaseDecision> {
  const messages: CaseEvent[] = [];
  let state = found;
  const { id: caseId, timeline } = found;
  for (const { actor, ...contact } of await takeWaitingContacts(tx, { timeline, vendor, caseId })) {
    const at = state.lastEventAt;
    const outcome = commandCase(state, { type: "contact", handlingId: newId("hd"), ...contact }, actor, at);
    if (isRefused(outcome)) continue;
    state = outcome.state;
    messages.push(...outcome.messages);
    for (const event of outcome.messages) dossier.add(event, state, undefined);
  }
  return { state, messages };
}
