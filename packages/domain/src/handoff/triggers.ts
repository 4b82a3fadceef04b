import {
  type Instant,
  type MissingSkill,
  type Severity,
  type Trigger,
  parseDuration,
  parseInstant,
} from "@crossline/contracts";
import { isCustomersContact } from "../case/act.ts";
import { severityRank } from "../case/severity.ts";
import { takeNextStep } from "./next-step.ts";
import type { Line } from "../line/line.ts";
import type { CaseCrossing, CrossingDecision, CrossingInput } from "./case-crossing.ts";
import type { CrossingDeps } from "./deps.ts";

/** The values of an event that a trigger compares. */
type TriggerSignal = {
  readonly contacted?: true;
  /** The instants at which similar cases were opened. */
  readonly alike?: readonly Instant[];
  readonly returned?: number;
  readonly transferred?: number;
  readonly reopened?: number;
  readonly severity?: Severity;
  /** The person of the carrier who handles the case without the skill for its device. */
  readonly missing?: MissingSkill;
};

const contactsMax = 100;

/** Takes the next line step if the signal reaches a trigger of the line. Otherwise, nothing happens. */
export function applyTriggers(
  decision: CrossingDecision,
  deps: CrossingDeps,
  at: Instant,
  signal: TriggerSignal,
): CrossingDecision {
  const reached = deps.line.triggers.find((trigger) => isTriggered(trigger, decision.state, signal, at));
  if (reached === undefined) return decision;
  const { missing } = signal;
  const isMissing = reached.on === "skill.missing" && missing !== undefined;
  const reason = { reason: "trigger", trigger: reached.on, ...(isMissing && { missing }) } as const;
  return takeNextStep(decision, deps, at, reason);
}

function isTriggered(
  trigger: Trigger,
  { contactedAt = [] }: CaseCrossing,
  signal: TriggerSignal,
  at: Instant,
): boolean {
  const since = (within: string) => (instant: Instant) => instant >= at - parseDuration(within);
  switch (trigger.on) {
    case "contacts":
      return signal.contacted === true && contactedAt.filter(since(trigger.within)).length >= trigger.count;
    case "alike":
      return (signal.alike?.filter(since(trigger.within)).length ?? 0) >= trigger.count;
    case "returns":
      return (signal.returned ?? 0) >= trigger.count;
    case "transfers":
      return (signal.transferred ?? 0) >= trigger.count;
    case "reopened":
      return (signal.reopened ?? 0) >= (trigger.count ?? 1);
    case "severity":
      return signal.severity !== undefined && severityRank[signal.severity] >= severityRank[trigger.reaches];
    case "skill.missing":
      return signal.missing !== undefined;
  }
}

/** Adds a contact of the customer to the state, if a trigger of the line counts contacts. */
export function countContacts(state: CaseCrossing, event: CrossingInput, line: Line): CaseCrossing {
  const isContact = event.type === "case.opened" || (event.type === "case.contacted" && isCustomersContact(event));
  if (!isContact || !line.triggers.some(({ on }) => on === "contacts")) return state;
  return { ...state, contactedAt: [...(state.contactedAt ?? []), event.time].slice(-contactsMax) };
}

/** Returns the signal of an event for the triggers; undefined if no trigger can use it. */
export function triggerSignalOf(event: CrossingInput, state: CaseCrossing): TriggerSignal | undefined {
  switch (event.type) {
    case "case.opened":
      return { contacted: true, ...(event.data.alike !== undefined && { alike: event.data.alike.map(parseInstant) }) };
    case "case.contacted":
      return isCustomersContact(event) ? { contacted: true } : undefined;
    case "case.severity-changed":
      return severityRank[event.data.to] > severityRank[event.data.from] ? { severity: event.data.to } : undefined;
    case "case.reopened":
      return { reopened: state.reopenings ?? 0 };
    default:
      return undefined;
  }
}
