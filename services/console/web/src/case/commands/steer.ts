import type { FormField } from "../../ui/form-field.tsx";
import { type Situation, casePath } from "./command.ts";
import { type FormCommand, given, optionsOf } from "../../ui/form-command.ts";

const reason: FormField = { name: "reason", label: "Reason", kind: "prose", required: true };
const note: FormField = { name: "note", label: "Note", kind: "prose" };
const rootCause: FormField = { name: "rootCause", label: "Root cause", kind: "prose", required: true };

/** The command with which a rep says that the case is beyond them. It names the version that the person has read. */
export const cross = (situation: Situation): FormCommand => ({
  name: "cross",
  text: "This is beyond me",
  submitText: "Cross to the next step",
  intro: "The case crosses to the next step of its line now. No clock must breach first.",
  fields: () => [{ ...reason, required: false }],
  requestOf: (values) => ({
    path: casePath(situation, "crossings"),
    body: { asOf: situation.shown.version, ...given(values) },
  }),
});

/** The command that changes the severity. From a vendor, a lower severity is a proposal. */
export const changeSeverity = (situation: Situation): FormCommand => {
  const others = ["critical", "major", "minor"].filter((one) => one !== situation.shown.severity);
  return {
    name: "severity",
    text: "Change the severity",
    submitText: "Change the severity",
    intro:
      situation.shown.carrier === situation.me.party
        ? `It is ${situation.shown.severity}. The deadlines move.`
        : `It is ${situation.shown.severity}. A lower severity is a proposal to the carrier.`,
    fields: () => [
      {
        name: "severity",
        label: "Severity",
        kind: "choice",
        required: true,
        options: optionsOf(others),
        initial: situation.shown.proposedSeverity?.to ?? others[0] ?? "",
      },
      { ...reason, required: false },
    ],
    requestOf: (values) => ({ path: casePath(situation, "severity"), body: given(values) }),
  };
};

/** The command with which the carrier declines the severity that the vendor proposes. */
export const declineSeverity = (situation: Situation): FormCommand => ({
  name: "decline-severity",
  text: `Decline the severity ${situation.shown.proposedSeverity?.to ?? ""}`,
  submitText: "Decline",
  fields: () => [reason],
  requestOf: (values) => ({ path: casePath(situation, "severity/decline"), body: given(values) }),
});

/** The command that pauses the case, with the party for which it waits. */
export const pause = (situation: Situation): FormCommand => ({
  name: "pause",
  text: "Pause",
  submitText: "Pause the case",
  fields: () => [
    {
      name: "waitingOn",
      label: "Waits for",
      kind: "choice",
      required: true,
      options: [
        ["customer", "the customer"],
        ["vendor", "the vendor"],
        ["carrier", "the carrier"],
      ],
      initial: "customer",
    },
    {
      name: "code",
      label: "Because",
      kind: "choice",
      required: true,
      options: optionsOf([
        "customer-to-answer",
        "customer-unavailable",
        "vendor-to-answer",
        "carrier-to-answer",
        "parts-on-order",
        "visit-scheduled",
        "change-window",
        "other",
      ]),
      initial: "customer-to-answer",
    },
    { ...note, required: true },
    {
      name: "maximum",
      label: "At most",
      kind: "choice",
      required: true,
      options: [
        ["PT1H", "1 hour"],
        ["PT4H", "4 hours"],
        ["P1D", "1 day"],
        ["P3D", "3 days"],
        ["P7D", "7 days"],
      ],
      initial: "P1D",
    },
    { name: "evidence", label: "Evidence", kind: "prose" },
  ],
  requestOf: (values) => ({ path: casePath(situation, "status"), body: { status: "pending", ...given(values) } }),
});

/** The command that continues a case after a pause, or begins the work on a new case. */
export const resume = (situation: Situation): FormCommand => ({
  name: "resume",
  text: situation.shown.status === "pending" || situation.shown.status === "held" ? "Resume" : "Set in progress",
  submitText: "Set in progress",
  fields: () => [note],
  requestOf: (values) => ({ path: casePath(situation, "status"), body: { status: "inProgress", ...given(values) } }),
});

/** The command that reports the carrier's own fix. */
export const solve = (situation: Situation): FormCommand => ({
  name: "solve",
  text: "Solve",
  key: "s",
  submitText: "Resolve the case",
  fields: () => [
    {
      name: "fixCode",
      label: "Fix code",
      kind: "text",
      pattern: "[a-z0-9]([a-z0-9\\-]*[a-z0-9])?",
      help: "For example: memory-full",
    },
    ...(situation.shown.joint === undefined ? [] : [rootCause]),
    note,
  ],
  requestOf: (values) => ({ path: casePath(situation, "status"), body: { status: "resolved", ...given(values) } }),
});

/** The command that records that the customer confirms the fix. */
export const confirm = (situation: Situation): FormCommand => ({
  name: "confirm",
  text: "Confirm the fix",
  submitText: "The customer confirms the fix",
  intro: "The case closes.",
  fields: () => [],
  requestOf: () => ({ path: casePath(situation, "confirm"), body: {} }),
});

/** The command that reopens a case whose problem is not solved. */
export const reopen = (situation: Situation): FormCommand => ({
  name: "reopen",
  text: "Reopen",
  submitText: "Reopen the case",
  fields: () => [
    {
      name: "code",
      label: "Because",
      kind: "choice",
      required: true,
      options: optionsOf(["still-broken", "came-back", "wrong-fix", "not-delivered", "never-asked", "other"]),
      initial: "still-broken",
    },
    reason,
  ],
  requestOf: (values) => ({ path: casePath(situation, "reopen"), body: given(values) }),
});

/** The command that closes a case without a confirmation. */
export const close = (situation: Situation): FormCommand => ({
  name: "close",
  text: "Close",
  submitText: "Close the case",
  intro: "The clocks end, and every vendor’s part ends.",
  fields: () => [note],
  requestOf: (values) => ({ path: casePath(situation, "close"), body: given(values) }),
});

/** The command that cancels a case. A joint case is assessed first. */
export const cancel = (situation: Situation): FormCommand => {
  const { status, joint } = situation.shown;
  const isAssessed = status === "assessingCancellation" || joint === undefined;
  return {
    name: "cancel",
    text: isAssessed ? "Cancel the case" : "Assess a cancellation",
    submitText: isAssessed ? "Cancel the case" : "Assess the cancellation",
    fields: () => [note, ...(isAssessed && joint !== undefined ? [{ ...rootCause, required: false }] : [])],
    requestOf: (values) => ({
      path: casePath(situation, "status"),
      body: { status: isAssessed ? "cancelled" : "assessingCancellation", ...given(values) },
    }),
  };
};
