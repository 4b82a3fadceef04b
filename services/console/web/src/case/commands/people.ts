import type { FormField } from "../../ui/form-field.tsx";
import { type Situation, casePath } from "./command.ts";
import type { FormCommand } from "../../ui/form-command.ts";

const engineerFields: readonly FormField[] = [
  { name: "name", label: "Name", at: "/engineer/name", kind: "text", required: true },
  {
    name: "contact",
    label: "Telephone number or mail address",
    at: "/engineer/contact",
    kind: "text",
    required: true,
  },
];

/** The command with which a paged person takes the case. The calls of the last resort end. */
export const take = (situation: Situation): FormCommand => ({
  name: "take",
  text: "Take the case",
  submitText: "Take the case",
  intro: "Crossline stops calling people. Your company owes the next act.",
  fields: () => engineerFields,
  requestOf: ({ name, contact }) => ({ path: casePath(situation, "take"), body: { engineer: { name, contact } } }),
});

/** The command that answers the question of the vendor's desk. */
export const answerQuestion = (situation: Situation): FormCommand => ({
  name: "answer",
  text: "Answer the question",
  key: "q",
  submitText: "Send the answer",
  fields: () => [{ name: "answer", label: "Answer", kind: "prose", required: true }],
  requestOf: ({ answer }) => ({
    path: casePath(situation, `handoffs/${situation.shown.handoff?.id ?? ""}/information`),
    body: { answer },
  }),
});

/** The command that names the company's person for a joint case. */
export const nameJointPerson = (situation: Situation): FormCommand => ({
  name: "joint-person",
  text: "Name our person",
  submitText: "Name the person",
  fields: () => [
    ...engineerFields,
    { name: "accountable", label: "My company becomes accountable to the customer", kind: "check" },
  ],
  requestOf: ({ name, contact, accountable }) => ({
    path: casePath(situation, "joint/person"),
    body: { engineer: { name, contact }, ...(accountable === "yes" && { accountable: true }) },
  }),
});

/** The command that records a joint session. */
export const recordSession = (situation: Situation): FormCommand => ({
  name: "joint-session",
  text: "Record a joint session",
  submitText: "Record the session",
  fields: () => [{ name: "outcome", label: "Outcome", kind: "prose", required: true }],
  requestOf: ({ outcome }) => ({ path: casePath(situation, "joint/sessions"), body: { outcome } }),
});
