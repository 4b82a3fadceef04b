import { z } from "zod";
import { knownError, problemChange, problemScope, problemSource, problemStatus } from "../events/problem.ts";
import { actor, caseId, caseStatus, channel, instant, partyId, slug, timelineId } from "../events/vocabulary.ts";
import {
  actingPerson,
  cursor,
  identifier,
  label,
  oneOrSeveral,
  prose,
  resultPage,
  resultPageLimit,
  textRow,
} from "./parts.ts";

const problemId = z
  .string()
  .regex(/^pb_[0-9a-z]{26}$/, "a problem id is pb_ and 26 characters")
  .meta({ examples: ["pb_01jnrfc7f9h1k3m5n7p9r1s3t5"] });
const owner = identifier(64).meta({ description: "Your own id of the person who owns the problem" });
const reason = prose(1000);
const example = { person: "lead-1", reason: "Six customers called about it this week." };

/** The path parameter of the routes of one problem. An id of a wrong form is an unknown problem. */
export const problemParams = z.object({ id: z.string().max(64) });

/** `GET /v1/problems`. */
export const problemsQuery = z.strictObject({
  timeline: timelineId.default("wall"),
  status: oneOrSeveral(problemStatus).meta({ description: "One or several statuses; repeat the parameter for each" }),
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

const counts = z
  .object({
    linked: z.int().meta({ description: "The cases that belong to the problem" }),
    offered: z.int().meta({ description: "The cases whose brief got the workaround" }),
    worked: z.int().meta({ description: "The cases that the workaround solved" }),
    failed: z.int().meta({ description: "The cases that the workaround did not solve" }),
  })
  .meta({ description: "A case counts once as worked or failed: its last outcome counts" });

const presented = {
  id: problemId,
  title: z.string(),
  status: problemStatus,
  source: problemSource,
  ...problemScope,
  cases: z.int().meta({ description: "The number of cases that caused the problem when it was opened" }),
  openedAt: instant,
  caseId: caseId.optional().meta({ description: "The case that opened the problem" }),
  owner: owner.optional(),
  investigateBy: instant.optional().meta({ description: "The deadline of the investigation, while its clock runs" }),
  overdue: z.boolean().meta({ description: "True if the investigation was late at its deadline" }),
  knownError: knownError.extend({ since: instant }).optional(),
  rootCause: z.string().optional(),
};

/** A problem in a list. */
export const presentedProblem = z.object(presented).meta({ id: "ProblemSummary" });
export const problemList = resultPage(presentedProblem).meta({ id: "ProblemList" });

const caseOfProblem = z.object({
  caseId,
  carrierCaseId: z.string().optional(),
  title: z.string().optional(),
  status: caseStatus.optional(),
  at: instant,
  role: z
    .enum(["linked", "offered"])
    .meta({ description: "`linked`: the case belongs to the problem. `offered`: its brief got the workaround" }),
  outcome: z.enum(["worked", "failed"]).optional(),
});

const changeOfProblem = z.object({
  at: instant,
  actor,
  change: z.enum([...problemChange.options, "overdue"]),
  from: problemStatus.optional(),
  to: problemStatus,
  owner: z.string().optional(),
  knownError: knownError.optional(),
  rootCause: z.string().optional(),
  caseId: caseId.optional(),
  reason: z.string().optional(),
});

/** `GET /v1/problems/{id}`. */
export const problemDetail = z
  .object({
    ...presented,
    timeline: timelineId,
    counts,
    linkedCases: z.array(caseOfProblem).meta({ description: "The newest cases, at most 100 of each role" }),
    history: z.array(changeOfProblem).meta({ description: "The changes, oldest first" }),
  })
  .meta({ id: "ProblemDetail" });

/** `POST /v1/problems`. */
export const openProblemRequest = z
  .strictObject({
    ...actingPerson,
    timeline: timelineId.default("wall"),
    title: textRow(200),
    symptom: slug.optional(),
    vendor: partyId.optional(),
    model: label(100).optional(),
    kind: slug.optional(),
    channel: channel.optional(),
    item: textRow(80).optional(),
    owner: owner.optional(),
    cases: z.array(caseId).max(100).default([]),
    reason,
  })
  .superRefine(({ symptom, vendor, model, kind, channel: of, item }, context) => {
    const isItem = kind !== undefined || of !== undefined || item !== undefined;
    const refuse = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    if (isItem && symptom !== undefined) refuse("symptom", "must be absent if the problem is about a missing item");
    if (isItem && (kind === undefined || of === undefined || item === undefined))
      refuse("item", "needs kind, channel and item together");
    if (symptom === undefined && (vendor !== undefined || model !== undefined))
      refuse("symptom", "is required if vendor or model is present");
  })
  .meta({
    id: "OpenProblem",
    examples: [
      {
        ...example,
        title: "The update loses the signal",
        symptom: "no-signal",
        vendor: "orchard",
        model: "Handheld 8700",
      },
    ],
  });

/** `POST /v1/problems/{id}/owner`. */
export const assignProblemRequest = z
  .strictObject({ ...actingPerson, owner, reason })
  .meta({ id: "AssignProblem", examples: [{ ...example, owner: "lead-2" }] });

/** `POST /v1/problems/{id}/status`. */
export const changeProblemRequest = z
  .strictObject({ ...actingPerson, status: z.enum(["investigating", "resolved", "closed", "cancelled"]), reason })
  .meta({ id: "ChangeProblem", examples: [{ ...example, status: "investigating" }] });

/** `POST /v1/problems/{id}/known-error`. */
export const knownErrorRequest = z
  .strictObject({ ...actingPerson, workaround: prose(2000), fixCode: slug.optional(), reason: reason.optional() })
  .meta({
    id: "RecordKnownError",
    examples: [{ person: "lead-1", workaround: "Reset the network settings.", fixCode: "network-reset" }],
  });

/** `POST /v1/problems/{id}/root-cause`. */
export const rootCauseRequest = z
  .strictObject({ ...actingPerson, rootCause: prose(1000), reason: reason.optional() })
  .meta({ id: "SetRootCause", examples: [{ person: "lead-1", rootCause: "The web form does not ask for the code." }] });

/** `POST /v1/problems/{id}/link` and `POST /v1/problems/{id}/unlink`. */
export const linkCaseRequest = z
  .strictObject({ ...actingPerson, caseId, reason })
  .meta({ id: "LinkCase", examples: [{ ...example, caseId: "cs_01jnrf4v2k8q6t0w3y5b7d9e1g" }] });

/** The response to every command on a problem. */
export const problemResponse = z
  .object({ id: problemId, status: problemStatus, version: z.int(), at: instant, investigateBy: instant.optional() })
  .meta({ id: "ProblemChanged" });

export type PresentedProblem = z.infer<typeof presentedProblem>;
export type ProblemDetail = z.infer<typeof problemDetail>;
export type ProblemPage = z.infer<typeof problemList>;
