import type { PresentedCase, PresentedMessage } from "@crossline/contracts";
import type { FormField } from "../../ui/form-field.tsx";
import { casePath } from "../commands/command.ts";
import { type FormCommand, given } from "../../ui/form-command.ts";

type MessageVerb = "release" | "reword" | "withdraw" | "sent" | "failed";

const reason: FormField = { name: "reason", label: "Reason", kind: "prose", required: true };

const verbs: Readonly<Record<MessageVerb, Pick<FormCommand, "text" | "submitText"> & { readonly intro?: string }>> = {
  release: {
    text: "Release",
    submitText: "Release the message",
    intro: "A second person needs no reason. The author needs one.",
  },
  reword: { text: "Reword", submitText: "Change the text", intro: "An acceptable text is released at once." },
  withdraw: { text: "Withdraw", submitText: "Withdraw the message" },
  sent: { text: "Report as sent", submitText: "Our CRM has sent it" },
  failed: { text: "Report as failed", submitText: "It did not reach the customer" },
};

/** Returns the commands that the API accepts on a message in its state. */
export function messageCommands(
  shown: PresentedCase,
  { id, state, via, text }: PresentedMessage,
): readonly FormCommand[] {
  const offered: readonly MessageVerb[] = {
    held: ["release", "reword", "withdraw"] as const,
    released: via === "crm" ? (["sent", "failed", "withdraw"] as const) : (["failed"] as const),
    sent: ["failed"] as const,
    failed: [],
    withdrawn: [],
  }[state];
  return offered.map((verb) => ({
    name: verb,
    ...verbs[verb],
    fields: () => fieldsOf(verb, text),
    requestOf: (values) => ({ path: casePath({ shown }, `messages/${id}/${verb}`), body: given(values) }),
  }));
}

function fieldsOf(verb: MessageVerb, text: string): readonly FormField[] {
  if (verb === "sent") return [];
  if (verb === "release") return [{ ...reason, required: false }];
  if (verb === "reword") return [{ name: "text", label: "Text", kind: "prose", required: true, initial: text }];
  return [reason];
}
