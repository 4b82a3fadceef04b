import type { FormValues } from "../../ui/form-dialog.tsx";
import type { FormField } from "../../ui/form-field.tsx";
import { type Situation, casePath } from "./command.ts";
import { type FormCommand, given } from "../../ui/form-command.ts";

const text: FormField = { name: "text", label: "Text", kind: "prose", required: true };
const slugPattern = "[a-z0-9]([a-z0-9\\-]*[a-z0-9])?";

const entryKinds = [
  ["note", "Note (no progress)"],
  ["hypothesis", "Hypothesis"],
  ["step-tried", "Tried step"],
  ["fact", "Fact"],
  ["decision", "Decision"],
] as const;

const audience: FormField = {
  name: "audience",
  label: "Audience",
  kind: "choice",
  required: true,
  options: [
    ["partners", "All companies of the case"],
    ["internal", "Only my company"],
    ["customer", "The companies and the customer"],
  ],
  initial: "partners",
};

function entryFields({ kind = "note" }: FormValues): readonly FormField[] {
  const kindField: FormField = {
    name: "kind",
    label: "Kind",
    kind: "choice",
    required: true,
    options: entryKinds,
    initial: "note",
  };
  const optionalText: FormField = { ...text, required: false };
  const author: FormField = { name: "by", label: "The customer said it", kind: "check" };
  const name = { kind: "text", required: true, pattern: slugPattern } as const;
  if (kind === "step-tried") {
    return [
      kindField,
      { ...name, name: "step", label: "Step", at: "/step/name", help: "For example: restart, reinstall-software" },
      {
        name: "outcome",
        label: "Outcome",
        at: "/step/outcome",
        kind: "choice",
        required: true,
        options: [
          ["failed", "✗ failed"],
          ["worked", "✓ worked"],
          ["partly", "◐ partly worked"],
          ["not-possible", "⊘ not possible"],
        ],
        initial: "failed",
      },
      optionalText,
      { name: "again", label: "Reason to try it again", kind: "prose", help: "Needed if the step was tried before." },
      audience,
    ];
  }
  if (kind === "fact") {
    return [
      kindField,
      { ...name, name: "fact", label: "Name", at: "/fact/name", help: "For example: os-version" },
      { name: "value", label: "Value", at: "/fact/value", kind: "text", required: true },
      optionalText,
      audience,
      author,
    ];
  }
  return [kindField, text, audience, author];
}

function entryBody({ kind = "note", text: words, audience: who, by, ...more }: FormValues) {
  const common = {
    kind,
    ...given({ text: words, audience: who, again: more["again"] }),
    ...(by === "yes" && { by: "customer" }),
  };
  if (kind === "step-tried")
    return { ...common, step: { name: more["step"], parameters: {}, outcome: more["outcome"] } };
  if (kind === "fact") return { ...common, fact: { name: more["fact"], value: more["value"] } };
  return common;
}

/** The command that adds an entry to the dossier. */
export const addEntry = (situation: Situation): FormCommand => ({
  name: "entry",
  text: "Add an entry",
  key: "e",
  submitText: "Add the entry",
  fields: entryFields,
  requestOf: (values) => ({ path: casePath(situation, "entries"), body: entryBody(values) }),
});
