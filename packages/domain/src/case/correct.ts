import { type Actor, type Device, type EventData, type Instant, type Subject } from "@crossline/contracts";
import { refuse } from "../decision.ts";
import { canonicalJson } from "../dossier/canonical.ts";
import type { Feasibility } from "../line/need-by.ts";
import { refuseTransition } from "./transition.ts";
import { appendCaseEvent } from "./append-event.ts";
import type { CaseOutcome, CaseState } from "./case.ts";
import { isEnded } from "./status.ts";
import { correctDevice, refuseIdentity } from "./subject.ts";
import { recordDecision } from "./record-decision.ts";

/**
 * What was wrong about the case. `feasibility` is that of the corrected deadline, where the line plans one; `entryId`: the caller's
 * id for the entry of the dossier that says what was corrected.
 */
export type CorrectCommand = {
  readonly type: "correct";
  readonly entryId?: string | undefined;
  readonly reason: string;
  readonly title?: string | undefined;
  /** The whole device. */
  readonly device?: Device | undefined;
  readonly symptom?: string | undefined;
  /** null: there is no such deadline. */
  readonly needBy?: string | null | undefined;
  /** The identities of the device, all of them. */
  readonly subject?: Subject | undefined;
  readonly feasibility?: Feasibility | undefined;
};

/**
 * Corrects what the case says of itself, and writes it down for both companies. The line stays. A correction that says nothing new
 * changes nothing and is no refusal: it may be a repetition.
 */
export function correctCase(
  state: CaseState,
  { entryId, reason, feasibility, title, device, symptom, needBy, subject }: CorrectCommand,
  actor: Actor,
  at: Instant,
): CaseOutcome {
  if (isEnded(state.status)) return refuseTransition(state, "correct", "Reopen it first.");
  const given = { title, device, symptom, needBy, subject };
  const mistyped = refuseIdentity(subject);
  if (mistyped !== undefined) return { refused: mistyped };
  if (Object.values(given).every((value) => value === undefined)) {
    const fields = [{ at: "", message: "needs title, device, symptom, needBy or subject" }];
    return refuse("invalid_request", "A correction says what is corrected.", { fields });
  }
  const corrected = correctedFields(state, given);
  if (Object.keys(corrected).length === 0) return { state, messages: [] };
  const data = { actor, reason, ...corrected, from: formerFields(state, corrected) };
  const appended = appendCaseEvent({ state, messages: [] }, at, { type: "case.corrected", data });
  const written =
    entryId === undefined ? appended : recordDecision(appended, { actor, entryId, text: textOf(data) }, at);
  return { ...written, state: withCorrection(written.state, corrected, feasibility) };
}

type CorrectedFields = Pick<EventData<"case.corrected">, "title" | "device" | "symptom" | "needBy" | "subject">;

/** Of what is given, what differs from what the case says. */
function correctedFields(
  state: CaseState,
  { title, device, symptom, needBy, subject }: Partial<CorrectCommand>,
): CorrectedFields {
  const isOther = (one: unknown, other: unknown): boolean =>
    canonicalJson(one ?? null) !== canonicalJson(other ?? null);
  const isOtherSubject = subject !== undefined && isOther(correctDevice(state.subject, subject), state.subject ?? {});
  return {
    ...(title !== undefined && title !== state.title && { title }),
    ...(device !== undefined && isOther(device, state.device) && { device }),
    ...(symptom !== undefined && symptom !== state.symptom && { symptom }),
    ...(needBy !== undefined && isOther(needBy, state.needBy) && { needBy }),
    ...(isOtherSubject && { subject }),
  };
}

function formerFields(
  { title, device, symptom, needBy }: CaseState,
  corrected: CorrectedFields,
): EventData<"case.corrected">["from"] {
  return {
    ...(corrected.title !== undefined && { title }),
    ...(corrected.device !== undefined && { device }),
    ...(corrected.symptom !== undefined && { symptom }),
    ...(corrected.needBy !== undefined && { needBy }),
  };
}

function withCorrection(state: CaseState, corrected: CorrectedFields, feasibility: Feasibility | undefined): CaseState {
  const { title = state.title, device = state.device, symptom = state.symptom, needBy, subject } = corrected;
  const { feasibility: former, ...rest } = state;
  const planned = needBy === undefined ? former : needBy === null ? undefined : feasibility;
  return {
    ...rest,
    title,
    device,
    symptom,
    needBy: needBy === undefined ? state.needBy : (needBy ?? undefined),
    subject: subject === undefined ? state.subject : correctDevice(state.subject, subject),
    ...(planned !== undefined && { feasibility: planned }),
    crossingVersion: state.version,
  };
}

/** What was corrected and why. The identities of the device are personal data: the text only says that they were. */
function textOf({ reason, from, subject, ...corrected }: EventData<"case.corrected">): string {
  const changes = (["title", "device", "symptom", "needBy"] as const)
    .filter((name) => corrected[name] !== undefined)
    .map((name) => `${name} from ${inWords(from[name])} to ${inWords(corrected[name])}`);
  const what = [...changes, ...(subject === undefined ? [] : ["the identities of the device"])];
  return `Corrected: ${what.join("; ")}. ${reason}`;
}

function inWords(value: string | Device | null | undefined): string {
  if (value === undefined || value === null) return "none";
  if (typeof value === "string") return `"${value}"`;
  return `"${[value.vendor, value.model, value.os].filter((part) => part !== undefined).join(" ")}"`;
}
