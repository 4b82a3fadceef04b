import type { CaseHandoffs, ClockHistoryResponse } from "@crossline/contracts";
import { clockWords } from "../ui/clock-words.ts";
import { msOf } from "./instants.ts";
import type { ClockLife } from "./picture/lanes.ts";
import { codeText, exactText, latenessText } from "./words.ts";

type Crossing = CaseHandoffs["handoffs"][number];

type CrossingContext = {
  readonly clocks: ClockHistoryResponse["clocks"];
  /** The number of steps of the line. Only the carrier reads the line. */
  readonly steps: number | undefined;
  /** Formats an instant. */
  readonly format: (instant: string) => string;
};

/** Returns the reason of a crossing as sentences: the clock or the trigger, the silence before it, and the step of the line. */
export function reasonsOf(crossing: Crossing, context: CrossingContext): readonly string[] {
  const { step, attempt, queue, mode } = crossing;
  const of = context.steps === undefined ? "" : ` of ${context.steps}`;
  const again = attempt > 0 ? `, attempt ${attempt + 1}` : "";
  const customer = mode === "live-assist" ? " with the customer live" : "";
  return [...causeOf(crossing, context), `Step ${step + 1}${of}${again}: the queue ${queue}${customer}.`];
}

function causeOf(crossing: Crossing, context: CrossingContext): readonly string[] {
  const { cause, reason } = crossing;
  if (cause?.clock !== undefined) return clockCause(cause, context);
  if (cause?.trigger !== undefined) return [`The trigger “${codeText(cause.trigger)}” of the line was reached.`];
  const reasons: Readonly<Record<string, string>> = {
    "by-hand": "A person of the carrier requested the crossing.",
    lapsed: "The former offer lapsed, because no desk accepted it in time.",
    rejected: "The desk rejected the former offer.",
    transferred: "The vendor transferred the case.",
    unreachable: "Crossline reached no person at the former step.",
  };
  return [reasons[reason] ?? `The reason is “${codeText(reason)}”.`];
}

function clockCause(cause: NonNullable<Crossing["cause"]>, { clocks, format }: CrossingContext): readonly string[] {
  const { clock = "", threshold = 100, dueAt, firedAt } = cause;
  const life = clocks.findLast(
    (one) =>
      one.clock === clock && one.thresholds.some((mark) => mark.percent === threshold && mark.firedAt === firedAt),
  );
  const share = threshold === 100 ? "its target" : `${threshold} % of its target`;
  const target = life === undefined ? "" : ` of ${exactText(life.targetMs)}`;
  const late =
    dueAt === undefined || firedAt === undefined ? "" : `, and fired ${latenessText(msOf(firedAt) - msOf(dueAt))}`;
  const reached = dueAt === undefined ? "" : ` at ${format(dueAt)}`;
  return [
    `The clock ${clockWords(clock)} reached ${share}${target}${reached}${late}.`,
    ...(life === undefined ? [] : [`${silenceOf(life)} since ${format(life.startedAt)}.`]),
  ];
}

function silenceOf({ kind, charged }: ClockLife): string {
  if (kind === "stall.busy") return `${charged} made no progress`;
  if (kind === "stall.idle") return `${charged} gave no sign of life`;
  return `${charged} was charged with it`;
}

const phases: Readonly<Record<Crossing["phase"], string>> = {
  offered: "offered",
  claimed: "claimed",
  "info-requested": "waits for an answer",
  accepted: "accepted",
  rejected: "rejected",
  lapsed: "lapsed",
  withdrawn: "withdrawn",
  returned: "returned",
  transferred: "transferred",
  resolved: "resolved",
  confirmed: "confirmed",
  reopened: "reopened",
};

/** Returns the phase of a hand-off in words. */
export function phaseText(phase: Crossing["phase"]): string {
  return phases[phase];
}
