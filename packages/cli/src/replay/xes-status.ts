import type { CaseStatus } from "@crossline/contracts";
import type { BuiltInReading } from "./states.ts";

/** The names of states at service desks, in lower case. `beginnings` maps the first words of longer names to states. */
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

/**
 * The states that follow from the standard transitions of the extension `lifecycle`. A transition describes one
 * activity, whose end is not the end of the case.
 */
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
 * Returns the state after an XES event. `named` is the state that has the name of the transition. If the transition is
 * `complete` or absent, `named` is the state that has the name of the event. `guessed` is the state that follows from
 * the transition alone.
 */
export function statusOfEvent(name: string, transition = "complete"): BuiltInReading {
  const step = transition.trim().toLowerCase();
  const named = statusNamed(step) ?? (step === "complete" ? statusNamed(name) : undefined);
  return { named, guessed: own(transitions, step), unknown: transition };
}

/** Returns the state with this name, in upper or lower case. */
export function statusNamed(word: string): CaseStatus | undefined {
  const name = word.trim().toLowerCase();
  return own(names, name) ?? beginnings.find(([beginning]) => name.startsWith(beginning))?.[1];
}

function own(table: Readonly<Record<string, CaseStatus>>, name: string): CaseStatus | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
