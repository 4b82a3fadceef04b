import type { LinkedChange, PresentedCase } from "@crossline/contracts";
import type { FormCommand } from "../../ui/form-command.ts";
import { casePath } from "./command.ts";

/** The command with which the carrier says that a change is not the cause of the case. */
export const unlinkChange = (shown: PresentedCase, { changeId, title }: LinkedChange): FormCommand => ({
  name: `unlink-${changeId}`,
  text: "Unlink the change",
  submitText: "Unlink the change",
  intro: title,
  fields: () => [{ name: "reason", label: "Reason", kind: "prose", required: true }],
  requestOf: ({ reason }) => ({ path: casePath({ shown }, "unlink-change"), body: { changeId, reason } }),
});
