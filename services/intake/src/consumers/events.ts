import {
  type CaseEvent,
  type EventData,
  type Instant,
  type Message,
  type ReceivedMessage,
  eventsByTopic,
  newId,
  timelineKind,
  topicAccess,
  topics,
  wall,
} from "@crossline/contracts";
import {
  type CaseDecision,
  type CaseInput,
  type CaseState,
  type DueTask,
  commandCase,
  isEnded,
  isRefused,
  applyToCase,
  accessAfterCommand,
  accessAfterEvent,
  incidentTasksOf,
} from "@crossline/domain";
import { appendToOutbox } from "@crossline/messaging";
import { type Tx, now } from "@crossline/postgres";
import { applyLines } from "@crossline/projection";
import { type DossierRows, createDossierRows } from "../commands/dossier-rows.ts";
import { createAccessChanges } from "../commands/access-changes.ts";
import { addOrigin } from "../commands/add-origin.ts";
import { saveEnds } from "../store/case-parties.ts";
import { lockCases, updateCases } from "../store/cases.ts";
import { endHandlings } from "../store/dossier.ts";
import { insertTasks } from "../store/tasks.ts";
import { saveDefault } from "../store/lines.ts";
import { takeWaitingContacts } from "../store/waiting-contacts.ts";

/** The event types that intake applies. */
export const readTypes: ReadonlySet<string> = new Set(
  topicAccess.intake.reads.flatMap((topic) => Object.keys(eventsByTopic[topic])),
);

/** Applies a batch of new events in the caller's transaction. The events of each case are applied in their order. */
export async function apply(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  await applyLines(tx, events);
  await applyDefaults(tx, events);
  // Intake skips the firings of imports: an import can have thousands of them, and they change no case.
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
  const access = createAccessChanges();
  const ended = new Map<string, Instant>();
  const dossier = createDossierRows();
  const tasks: DueTask[] = [];
  for (const event of events) {
    const state = cases.get(event.key);
    if (state === undefined) throw new Error(`${event.type} is about a case that intake does not have`);
    const decision = applyToCase(state, event, instant);
    messages.push(...decision.messages);
    tasks.push(...incidentTasksOf(state, decision));
    for (const message of decision.messages) dossier.add(message, decision.state, undefined);
    const withAccess = accessAfterEvent(state, event, decision);
    access.add(state, withAccess.changes);
    cases.set(event.key, withAccess.state);
    if (event.type === "handoff.accepted") {
      const joined = await addWaitingContacts(tx, withAccess.state, event.data.vendor, dossier);
      messages.push(...joined.messages);
      cases.set(event.key, accessAfterCommand(withAccess.state, joined.state).state);
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
    access.save(tx),
    endHandlings(
      tx,
      [...ended].map(([caseId, at]) => ({ caseId, at })),
    ),
    insertTasks(tx, tasks),
    appendToOutbox(tx, messages),
  ]);
}

/**
 * Adds the vendor's waiting contacts about the device to the case that the vendor has just accepted. If the case refuses a contact
 * because of a limit, intake drops the contact.
 */
async function addWaitingContacts(
  tx: Tx,
  accepted: CaseState,
  vendor: string,
  dossier: DossierRows,
): Promise<CaseDecision> {
  const messages: CaseEvent[] = [];
  let state = accepted;
  const { id: caseId, timeline } = accepted;
  for (const { actor, caller, ...contact } of await takeWaitingContacts(tx, { timeline, vendor, caseId })) {
    const at = state.lastEventAt;
    const outcome = commandCase(state, { type: "contact", handlingId: newId("hd"), ...contact }, actor, at);
    if (isRefused(outcome)) continue;
    state = outcome.state;
    messages.push(...addOrigin(outcome.messages, { origin: { caller }, actor }));
    for (const event of outcome.messages) dossier.add(event, state, undefined);
  }
  return { state, messages };
}
