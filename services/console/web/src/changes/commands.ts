import type { DetailedChange } from "@crossline/contracts";
import { findCaseId } from "../api/find-case.ts";
import type { FormCommand } from "../ui/form-command.ts";
import type { FormField } from "../ui/form-field.tsx";

const reason: FormField = { name: "reason", label: "Reason", kind: "prose", required: true };

/** The command that withdraws a change of the company. */
export const withdraw = ({ id }: DetailedChange): FormCommand => ({
  name: "withdraw",
  text: "Withdraw the change",
  key: "w",
  submitText: "Withdraw the change",
  intro: "No company must confirm it any longer. Linked cases stay linked.",
  fields: () => [reason],
  requestOf: (values) => ({ path: `/v1/changes/${id}/withdraw`, body: { reason: values["reason"] } }),
});

/** The command with which a carrier links one of its cases to a change. */
export const linkCase = ({ id: changeId, timeline }: DetailedChange): FormCommand => ({
  name: "link",
  text: "Link a case",
  key: "l",
  submitText: "Link the case",
  intro: "The vendor reads in the brief that the change may be the cause.",
  fields: () => [{ name: "caseId", label: "Number of the case", kind: "text", required: true }, reason],
  complete: async (values) => ({ ...values, caseId: await findCaseId(values["caseId"] ?? "", timeline) }),
  requestOf: (values) => ({
    path: `/v1/cases/${values["caseId"]}/link-change`,
    body: { changeId, reason: values["reason"] },
  }),
});
