import type { ProblemDetail } from "@crossline/contracts";
import { findCaseId } from "../api/find-case.ts";
import { type FormCommand, given } from "../ui/form-command.ts";
import type { FormField } from "../ui/form-field.tsx";
import { statusWords } from "./words.ts";

type Status = ProblemDetail["status"];

const reason: FormField = { name: "reason", label: "Reason", kind: "prose", required: true };

/** The statuses into which a person can move a problem. A known error has a command of its own. */
const nextStatuses: Readonly<Record<Status, readonly Status[]>> = {
  new: ["investigating", "resolved", "cancelled"],
  investigating: ["resolved", "cancelled"],
  "known-error": ["investigating", "resolved", "cancelled"],
  resolved: ["closed", "investigating"],
  closed: ["investigating"],
  cancelled: ["investigating"],
};

/** Returns the commands that the API accepts on a problem in its status, the most usual first. */
export function problemCommands(problem: ProblemDetail): readonly FormCommand[] {
  const { status } = problem;
  const isOpen = status !== "closed" && status !== "cancelled";
  return [
    ...(isOpen ? [assign(problem)] : []),
    ...(isOpen && status !== "resolved" ? [recordKnownError(problem)] : []),
    changeStatus(problem),
    ...(isOpen ? [setRootCause(problem), link(problem)] : []),
  ];
}

const pathOf = ({ id }: ProblemDetail, verb: string): string => `/v1/problems/${id}/${verb}`;

const assign = (problem: ProblemDetail): FormCommand => ({
  name: "assign",
  text: problem.owner === undefined ? "Assign an owner" : "Assign another owner",
  key: "o",
  submitText: "Assign the owner",
  ...(problem.status === "new" && { intro: "The problem is under investigation then." }),
  fields: () => [
    { name: "owner", label: "Owner", kind: "text", required: true, help: "Your own id of the person." },
    reason,
  ],
  requestOf: (values) => ({ path: pathOf(problem, "owner"), body: given(values) }),
});

const changeStatus = (problem: ProblemDetail): FormCommand => ({
  name: "status",
  text: "Change the status",
  key: "s",
  submitText: "Change the status",
  intro: `It is ${statusWords(problem.status)}.`,
  fields: () => [
    {
      name: "status",
      label: "Status",
      kind: "choice",
      required: true,
      options: nextStatuses[problem.status].map((status) => [status, statusWords(status)]),
      initial: nextStatuses[problem.status][0] ?? "",
    },
    reason,
  ],
  requestOf: (values) => ({ path: pathOf(problem, "status"), body: given(values) }),
});

const recordKnownError = (problem: ProblemDetail): FormCommand => ({
  name: "known-error",
  text: problem.knownError === undefined ? "Record a known error" : "Change the known error",
  key: "e",
  submitText: "Record the known error",
  intro: "Each matching case gets the workaround, and its brief too.",
  fields: () => [
    {
      name: "workaround",
      label: "Workaround",
      kind: "prose",
      required: true,
      initial: problem.knownError?.workaround ?? "",
    },
    {
      name: "fixCode",
      label: "Fix code",
      kind: "text",
      initial: problem.knownError?.fixCode ?? "",
      help: "A resolution with this code counts for the workaround.",
    },
    { ...reason, required: false },
  ],
  requestOf: (values) => ({ path: pathOf(problem, "known-error"), body: given(values) }),
});

const setRootCause = (problem: ProblemDetail): FormCommand => ({
  name: "root-cause",
  text: "Set the root cause",
  key: "r",
  submitText: "Set the root cause",
  fields: () => [
    { name: "rootCause", label: "Root cause", kind: "prose", required: true, initial: problem.rootCause ?? "" },
    { ...reason, required: false },
  ],
  requestOf: (values) => ({ path: pathOf(problem, "root-cause"), body: given(values) }),
});

const link = (problem: ProblemDetail): FormCommand => ({
  name: "link",
  text: "Link a case",
  key: "l",
  submitText: "Link the case",
  fields: () => [{ name: "caseId", label: "Number or id of the case", kind: "text", required: true }, reason],
  complete: async (values) => ({ ...values, caseId: await findCaseId(values["caseId"] ?? "", problem.timeline) }),
  requestOf: (values) => ({ path: pathOf(problem, "link"), body: given(values) }),
});

/** The command that removes a case from a problem. */
export const unlink = (problem: ProblemDetail, caseId: string): FormCommand => ({
  name: `unlink-${caseId}`,
  text: "Unlink",
  submitText: "Unlink the case",
  fields: () => [reason],
  requestOf: (values) => ({ path: pathOf(problem, "unlink"), body: { ...given(values), caseId } }),
});
