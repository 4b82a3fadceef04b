import { zoneName } from "../../time/format.ts";
import type { FormField } from "../../ui/form-field.tsx";
import { type Situation, casePath } from "./command.ts";
import { type FormCommand, given, instantOf, localTime, optionsOf } from "../../ui/form-command.ts";

const hourMs = 3_600_000;
const text: FormField = { name: "text", label: "Text", kind: "prose", required: true };

/** The command that records a contact with the customer. */
export const addContact = (situation: Situation): FormCommand => ({
  name: "contact",
  text: "Record a contact",
  submitText: "Record the contact",
  fields: ({ direction = "inbound" }) => [
    {
      name: "channel",
      label: "Channel",
      kind: "choice",
      required: true,
      options: optionsOf(["phone", "chat", "mail", "web", "store", "sms", "social", "other"]),
      initial: "phone",
    },
    {
      name: "direction",
      label: "Direction",
      kind: "choice",
      required: true,
      options: [
        ["inbound", "From the customer"],
        ["outbound", "To the customer"],
      ],
      initial: "inbound",
    },
    {
      name: "content",
      label: "Content",
      kind: "choice",
      required: true,
      options: optionsOf(direction === "inbound" ? ["inquiry", "still-broken", "works"] : ["answer", "article"]),
      initial: direction === "inbound" ? "inquiry" : "answer",
    },
  ],
  requestOf: (values) => ({ path: casePath(situation, "contacts"), body: given(values) }),
});

/** The command that makes a promise. The carrier can record a promise of a vendor of the case. */
export const makePromise = (situation: Situation): FormCommand => {
  const { shown, me, zone, now } = situation;
  const promisors = shown.carrier === me.party ? [me.party, ...shown.crossedTo] : [me.party];
  return {
    name: "promise",
    text: "Make a promise",
    submitText: "Promise",
    fields: () => [
      { ...text, label: "Promise", help: "For example: we call you back." },
      {
        name: "until",
        label: `Due by (time in ${zoneName(zone)})`,
        kind: "instant",
        required: true,
        initial: localTime(now + hourMs, zone),
      },
      { name: "from", label: `Not before (time in ${zoneName(zone)})`, kind: "instant" },
      ...(promisors.length > 1
        ? [
            {
              name: "promisor",
              label: "Promisor",
              kind: "choice",
              options: optionsOf(promisors),
              required: true,
              initial: me.party,
            } as const,
          ]
        : []),
      ...(shown.needBy === undefined
        ? []
        : [{ name: "for", label: "A delivery in time meets the need-by", kind: "check" } as const]),
    ],
    requestOf: ({ text: words, until, from, promisor, for: purpose }) => ({
      path: casePath(situation, "promises"),
      body: {
        ...given({ text: words, until: instantOf(until, zone), from: instantOf(from, zone), promisor }),
        ...(purpose === "yes" && { for: "need-by" }),
      },
    }),
  };
};

/** The command that writes a message to the customer. */
export const writeMessage = (situation: Situation, draft = ""): FormCommand => ({
  name: "message",
  text: "Write to the customer",
  submitText: "Write the message",
  intro: "If the text blames the customer or is only a link, Crossline holds it until a person decides.",
  fields: ({ via = "crm" }) => [
    { ...text, label: "Message", initial: draft },
    {
      name: "via",
      label: "Sent by",
      kind: "choice",
      required: true,
      options: [
        ["crm", "Your CRM, which reports when it is sent"],
        ["mail", "Crossline, as a mail in the thread of the case"],
      ],
      initial: "crm",
    },
    ...(via === "mail"
      ? [{ name: "to", label: "Mail address", kind: "text", help: "Default: the address of the case." } as const]
      : [
          {
            name: "channel",
            label: "Channel",
            kind: "choice",
            required: true,
            options: optionsOf(["mail", "sms", "web", "social", "other"]),
            initial: "mail",
          } as const,
        ]),
  ],
  requestOf: (values) => ({ path: casePath(situation, "messages"), body: given(values) }),
});
