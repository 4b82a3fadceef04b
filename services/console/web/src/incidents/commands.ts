import type { PresentedIncident } from "@crossline/contracts";
import { findCaseId } from "../api/find-case.ts";
import { type FormCommand, given, optionsOf } from "../ui/form-command.ts";
import type { FormField } from "../ui/form-field.tsx";

const reason: FormField = { name: "reason", label: "Reason", kind: "prose", required: true };

/** The command with which a person opens an incident. The person names the cases by their numbers or ids. */
export const openIncident = (timeline: string): FormCommand => ({
  name: "open-incident",
  text: "Open an incident",
  key: "a",
  submitText: "Open the incident",
  intro: "The lead case crosses at once. The other cases wait for its fix.",
  fields: () => [
    { name: "leadCaseId", label: "Number of the lead case", kind: "text", required: true },
    { name: "members", label: "Numbers of the other cases", kind: "text", help: "With commas." },
    reason,
  ],
  complete: async ({ leadCaseId = "", members = "", ...values }) => {
    const named = members.split(",").filter((part) => part.trim() !== "");
    const lead = await findCaseId(leadCaseId, timeline, "/leadCaseId");
    const ids = await Promise.all(named.map((part) => findCaseId(part, timeline, "/members")));
    return { ...values, leadCaseId: lead, members: ids.join(",") };
  },
  requestOf: ({ members = "", ...values }) => ({
    path: "/v1/incidents",
    body: { ...given(values), members: members === "" ? [] : members.split(",") },
  }),
});

/** Returns the commands that the API accepts on an open incident. */
export function incidentCommands(incident: PresentedIncident): readonly FormCommand[] {
  return incident.state === "open" ? [write(incident), join(incident), end(incident)] : [];
}

const pathOf = ({ id }: PresentedIncident, rest: string): string => `/v1/incidents/${id}/${rest}`;

const write = (incident: PresentedIncident): FormCommand => ({
  name: "write",
  text: "Write to all customers",
  key: "w",
  submitText: "Write the message",
  intro: `The customers of all ${incident.cases} cases get the text. If it blames the customer or is only a link, Crossline holds it until a person decides.`,
  fields: ({ via = "crm" }) => [
    { name: "text", label: "Message", kind: "prose", required: true },
    {
      name: "via",
      label: "Sent by",
      kind: "choice",
      required: true,
      options: [
        ["crm", "Your CRM, which reports when it is sent"],
        ["mail", "Crossline, as a mail in the thread of each case"],
      ],
      initial: "crm",
    },
    ...(via === "mail"
      ? []
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
  requestOf: (values) => ({ path: pathOf(incident, "messages"), body: given(values) }),
});

const join = (incident: PresentedIncident): FormCommand => ({
  name: "join",
  text: "Add a case",
  key: "a",
  submitText: "Add the case",
  intro: "The case waits for the fix of the lead case. The obligations to its customer do not wait.",
  fields: () => [{ name: "caseId", label: "Number of the case", kind: "text", required: true }, reason],
  complete: async (values) => ({ ...values, caseId: await findCaseId(values["caseId"] ?? "", incident.timeline) }),
  requestOf: (values) => ({ path: pathOf(incident, "join"), body: given(values) }),
});

const end = (incident: PresentedIncident): FormCommand => ({
  name: "end",
  text: "End the incident",
  key: "e",
  submitText: "End the incident",
  intro: "All members leave, and their clocks start. The lead case stays as it is.",
  fields: () => [reason],
  requestOf: (values) => ({ path: pathOf(incident, "end"), body: given(values) }),
});

/** The command that removes a member. */
export const leave = (incident: PresentedIncident, caseId: string): FormCommand => ({
  name: `leave-${caseId}`,
  text: "Remove",
  submitText: "Remove the case",
  intro: "The case leaves the incident, and its clocks start.",
  fields: () => [reason],
  requestOf: (values) => ({ path: pathOf(incident, "leave"), body: { ...given(values), caseId } }),
});

/** The commands on a message that the guard holds. */
export const heldCommands = (incident: PresentedIncident, messageId: string): readonly FormCommand[] => [
  {
    name: `release-${messageId}`,
    text: "Release",
    submitText: "Release the message",
    intro: "The customers of all cases get the text as it is.",
    fields: () => [reason],
    requestOf: (values) => ({ path: pathOf(incident, `messages/${messageId}/release`), body: given(values) }),
  },
  {
    name: `withdraw-${messageId}`,
    text: "Withdraw",
    submitText: "Withdraw the message",
    fields: () => [reason],
    requestOf: (values) => ({ path: pathOf(incident, `messages/${messageId}/withdraw`), body: given(values) }),
  },
];
