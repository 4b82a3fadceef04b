import type { CaseStatus } from "@crossline/contracts";
import type { BuiltInReading } from "./states.ts";

/** What desks call their states, in small letters; a name that begins with one of `beginnings` belongs to it. */
const names: Readonly<Record<string, CaseStatus>> = {
  new: "acknowledged",
  open: "acknowledged",
  opened: "acknowledged",
  created: "acknowledged",
  registered: "acknowledged",
  acknowledged: "acknowledged",
  queued: "acknowledged",
  assigned: "acknowledged",
  "awaiting assignment": "acknowledged",
  active: "inProgress",
  accepted: "inProgress",
  "in progress": "inProgress",
  inprogress: "inProgress",
  "work in progress": "inProgress",
  pending: "pending",
  wait: "pending",
  waiting: "pending",
  held: "held",
  "on hold": "held",
  resolved: "resolved",
  solved: "resolved",
  completed: "resolved",
  closed: "closed",
  rejected: "rejected",
  cancelled: "cancelled",
  canceled: "cancelled",
  reopened: "reopened",
};

const beginnings: readonly (readonly [string, CaseStatus])[] = [
  ["awaiting ", "pending"],
  ["waiting ", "pending"],
  ["wait ", "pending"],
  ["pending ", "pending"],
];

/** The standard model of the extension `lifecycle`, which speaks of one activity: its end is not the end of the case. */
const transitions: Readonly<Record<string, CaseStatus>> = {
  schedule: "acknowledged",
  assign: "acknowledged",
  reassign: "acknowledged",
  start: "inProgress",
  resume: "inProgress",
  suspend: "held",
  complete: "inProgress",
  manualskip: "inProgress",
  autoskip: "inProgress",
  withdraw: "inProgress",
  ate_abort: "inProgress",
  pi_abort: "cancelled",
};

/**
 * The state in which an XES event leaves its case. `named`: a transition that is itself the name of a state says it; else,
 * for `complete` (or none), the event's name. `guessed`: what the transition says alone.
 */
export function statusOfEvent(name: string, transition = "complete"): BuiltInReading {
  const step = transition.trim().toLowerCase();
  const named = statusNamed(step) ?? (step === "complete" ? statusNamed(name) : undefined);
  return { named, guessed: own(transitions, step), unknown: transition };
}

/** The state that this is the name of, in any case of letters. */
export function statusNamed(word: string): CaseStatus | undefined {
  const name = word.trim().toLowerCase();
  return own(names, name) ?? beginnings.find(([beginning]) => name.startsWith(beginning))?.[1];
}

function own(table: Readonly<Record<string, CaseStatus>>, name: string): CaseStatus | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
