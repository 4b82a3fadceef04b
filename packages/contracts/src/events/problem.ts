import { z } from "zod";
import { actor, caseId, channel, instant, partyId, slug } from "./vocabulary.ts";

/** The name of a required item, as a line writes it. */
const item = z
  .string()
  .max(80)
  .meta({ examples: ["activation-code"] });

/** The statuses of a problem, by ITIL. */
export const problemStatus = z.enum(["new", "investigating", "known-error", "resolved", "closed", "cancelled"]);

/** The reason for which a problem was opened. */
export const problemSource = z.enum(["missing-item", "returned", "joint-case", "by-hand"]).meta({
  description:
    "The cause of the opening: a missing item, a returned symptom, the root cause of a joint case, or a person",
});

/** The scope of a problem. A problem without a scope has only the cases that a person links. */
export const problemScope = {
  kind: slug.optional().meta({ description: "The kind of the cases that lack the item" }),
  channel: channel.optional().meta({ description: "The channel whose cases lack the item" }),
  item: item.optional().meta({ description: "The required item that cases of the channel lack" }),
  symptom: slug.optional().meta({ description: "The symptom of the cases" }),
  vendor: partyId.optional().meta({ description: "The device vendor of the cases with the symptom" }),
  model: z.string().max(100).optional().meta({ description: "The device model of the cases with the symptom" }),
};

/** A workaround, and the fix code with which a resolution says that the workaround solved the case. */
export const knownError = z.object({ workaround: z.string().max(2000), fixCode: slug.optional() });

/** The change of a problem that an event reports. */
export const problemChange = z.enum([
  "opened",
  "owner",
  "status",
  "known-error",
  "root-cause",
  "case-linked",
  "case-unlinked",
]);

/** The companies that receive an event by webhook or mail: only the carrier. */
const companies = z.array(partyId).max(1);

/** The events that intake publishes on `crossline.problem.v1`. The record key is the problem id. */
export const problemEvents = {
  /** A problem was opened or changed. `from` is the former status, and is absent at the opening. */
  "problem.changed": z.object({
    actor,
    companies,
    carrier: partyId,
    problemId: z.string(),
    title: z.string().max(200),
    change: problemChange,
    from: problemStatus.optional(),
    to: problemStatus,
    source: problemSource,
    ...problemScope,
    owner: z
      .string()
      .max(64)
      .optional()
      .meta({ description: "The carrier's own id of the person who owns the problem" }),
    investigateBy: instant.optional().meta({ description: "The deadline of the investigation, while its clock runs" }),
    knownError: knownError.optional(),
    rootCause: z.string().max(1000).optional(),
    caseId: caseId.optional().meta({ description: "The case that opened the problem, or that was linked or unlinked" }),
    reason: z.string().max(1000).optional(),
  }),
  /** The investigation of a problem is late. The event comes at most once for each incarnation of the clock. */
  "problem.overdue": z.object({
    actor,
    companies,
    carrier: partyId,
    problemId: z.string(),
    title: z.string().max(200),
    status: problemStatus,
    owner: z.string().max(64).optional(),
    investigateBy: instant,
    incarnation: z.int().min(1),
  }),
} as const;

export type ProblemStatus = z.infer<typeof problemStatus>;
export type ProblemSource = z.infer<typeof problemSource>;
