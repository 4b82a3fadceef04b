import { setTimeout as delay } from "node:timers/promises";
import { type Action, type Right, type Role, rightTo } from "@crossline/domain";
import { requests } from "./requests.ts";
import type { ActionResponse, Caller, Scene } from "./scene.ts";
import type { Company } from "./states.ts";

const actions = Object.keys(requests) as readonly Action[];
/** The companies that may have a role in the case of a scene, and the callers that never have a role in it. */
export const companies: readonly Caller[] = ["orchard", "quill", "westvend", "northtel"];
export const outsiders: readonly Caller[] = ["southtel", "operator"];

/** Refusals that follow from the state of the case, and not from the caller. */
const ofState: ReadonlySet<string> = new Set([
  "illegal_transition",
  "stale_version",
  "stale_token",
  "already_claimed",
  "returning_closed",
  "evidence_needed",
  "root_cause_needed",
]);

/** The actions on a handling, promise or message. The caller may have none, or it has ended. */
const ofOwnThing: ReadonlySet<Action> = new Set([
  "beat",
  "end-handling",
  "deliver-promise",
  "withdraw-promise",
  "reword-message",
  "release-message",
  "report-sent",
  "report-failed",
  "withdraw-message",
] as const);

const talk: readonly Action[] = ["contact", "contact-by-device", "add-entry", "start-handling", "beat", "end-handling"];
const urgency: readonly Action[] = ["decline-severity", "raise-severity", "lower-severity"];
const promises: readonly Action[] = [
  "promise",
  "deliver-promise",
  "promise",
  "withdraw-promise",
  "promise-for-another",
];
// The messages need two texts: a link, which the guard holds, and the author's reason.
const messages: readonly Action[] = [
  "write-message",
  "release-message",
  "report-sent",
  "report-failed",
  "write-message",
  "reword-message",
  "withdraw-message",
];
const changes: readonly Action[] = ["correct", "link-change", "unlink-change", "change-status", "provide-information"];
const joint: readonly Action[] = ["name-joint-person", "hold-joint-session", "take"];
const desk: readonly Action[] = [
  "renew",
  "release",
  "claim",
  "request-info",
  "accept",
  "return",
  "transfer",
  "resolve",
];
const links: readonly Action[] = ["make-customer-link", "end-customer-links"];
const ends: readonly Action[] = [
  "reject",
  "move",
  "confirm",
  "merge",
  "reopen",
  "cross",
  "close",
  "end-by-status",
  "open",
];
/** The actions that change something. Actions that leave every role unchanged come first. */
const order = [...talk, ...urgency, ...promises, ...messages, ...links, ...changes, ...joint, ...desk, ...ends];

/** A response that differs from the table. */
export type RightFault = {
  readonly caller: Caller;
  readonly action: Action;
  readonly expected: string;
  readonly received: string;
};

/** Returns the roles of a caller in the state of a scene. */
function rolesOf({ state }: Scene, caller: Caller): readonly Role[] {
  if (caller === "operator") return ["operator"];
  if (caller === "northtel") return ["carrier"];
  return state.roles[caller as Company] ?? ["stranger"];
}

/** Returns the right to an action, and applies the conditions that the table of rights leaves to the case. */
function rightIn(scene: Scene, caller: Caller, action: Action): Right {
  const roles = rolesOf(scene, caller);
  const right = rightTo(roles, action);
  // The timeline belongs to another carrier.
  if (caller === "southtel" && (action === "open" || action === "contact-by-device")) return "not_found";
  const isPaged = caller === "westvend" && scene.line === "foreign-roster";
  if (isPaged && (action === "take" || action === "hear-by-webhook")) return "may"; // Routing has paged Westvend's people.
  if (action === "promise-for-another" && Object.keys(scene.state.roles).length === 0 && caller === "northtel")
    return "forbidden"; // The case has no vendor that could promise.
  const isPromises = action === "deliver-promise" || action === "withdraw-promise";
  if (isPromises && right === "may" && caller !== "northtel" && !scene.promises.has(caller)) return "forbidden";
  return right;
}

function isGranted(right: Right): boolean {
  return right === "may" || right === "proposes" || right === "as-of-its-end";
}

/** Returns whether the right allows the response. */
function fits(scene: Scene, action: Action, right: Right, { code, body }: ActionResponse): boolean {
  if (right === "left-out") return code === "2xx" && !scene.isNamedIn(body);
  if (!isGranted(right)) return code === right;
  if (action === "list-cases" || action === "find-by-search" || action === "read-queue" || action === "hear-by-webhook")
    return code === "2xx" && scene.isNamedIn(body);
  if (code === "not_found") return ofOwnThing.has(action);
  return code === "2xx" || ofState.has(code);
}

const isReading = (action: Action): boolean => requests[action].operation.startsWith("GET ");

/** Returns the actions that cannot change the case: every reading, and every action that the caller may not perform. */
export function harmless(scene: Scene, caller: Caller): readonly Action[] {
  return actions.filter((action) => isReading(action) || !isGranted(rightIn(scene, caller, action)));
}

export function isStranger(scene: Scene, caller: Caller): boolean {
  return rolesOf(scene, caller).includes("stranger");
}

/** Performs one action, and returns a fault if the response differs from the table. */
export async function checkAction(scene: Scene, caller: Caller, action: Action): Promise<RightFault | undefined> {
  const right = rightIn(scene, caller, action);
  // Notification plans a delivery a moment after the event, so a delivery may be missing at first.
  const isEventual = action === "hear-by-webhook" && isGranted(right);
  const deadline = performance.now() + (isEventual ? deliveredWithinMs : 0);
  for (;;) {
    const response = await scene.perform(caller, action);
    if (fits(scene, action, right, response)) return undefined;
    if (performance.now() >= deadline) return { caller, action, expected: right, received: response.code };
    await delay(200);
  }
}

const deliveredWithinMs = 20_000;

/** Performs every permitted action of each company. Actions that leave every role unchanged come first. */
export async function checkGrantedActions(scene: Scene): Promise<readonly RightFault[]> {
  const faults: RightFault[] = [];
  for (const caller of companies)
    for (const action of order) {
      if (!isGranted(rightIn(scene, caller, action))) continue;
      const fault = await checkAction(scene, caller, action);
      if (fault !== undefined) faults.push(fault);
    }
  return faults;
}

/** Runs a task for each item. At most `most` tasks run at a time. */
export async function runConcurrently<T>(
  most: number,
  items: readonly T[],
  task: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await task(next);
  };
  await Promise.all(Array.from({ length: most }, worker));
}
