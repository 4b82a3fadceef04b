import { type FormCommand, given, optionsOf } from "../ui/form-command.ts";
import type { FormField } from "../ui/form-field.tsx";

const channels = ["phone", "chat", "mail", "web", "store", "sms", "social", "other"];

const symptomFields: readonly FormField[] = [
  { name: "symptom", label: "Symptom", kind: "text", required: true, help: "For example: no-signal" },
  { name: "vendor", label: "Device vendor", kind: "text" },
  { name: "model", label: "Device model", kind: "text" },
];

const itemFields: readonly FormField[] = [
  { name: "item", label: "Missing item", kind: "text", required: true, help: "For example: activation-code" },
  { name: "kind", label: "Kind of the cases", kind: "text", required: true, initial: "fault" },
  { name: "channel", label: "Channel", kind: "choice", required: true, options: optionsOf(channels), initial: "phone" },
];

/** The command with which a person opens a problem. */
export const openByHand = (timeline: string): FormCommand => ({
  name: "open-problem",
  text: "Open a problem",
  key: "a",
  submitText: "Open the problem",
  fields: ({ scope = "symptom" }) => [
    { name: "title", label: "Title", kind: "text", required: true },
    {
      name: "scope",
      label: "The problem has",
      kind: "choice",
      options: [
        ["symptom", "cases with a symptom"],
        ["item", "cases that lack a required item"],
        ["none", "only cases that a person links"],
      ],
      initial: "symptom",
    },
    ...(scope === "symptom" ? symptomFields : scope === "item" ? itemFields : []),
    { name: "owner", label: "Owner", kind: "text", help: "Your own id of the person." },
    { name: "reason", label: "Reason", kind: "prose", required: true },
  ],
  requestOf: (values) => ({ path: "/v1/problems", body: { timeline, ...given({ ...values, scope: undefined }) } }),
});
