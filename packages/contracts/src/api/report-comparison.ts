import { z } from "zod";
import { caseId, channel, instant, partyId, timelineId } from "../events/vocabulary.ts";
import { cursor, resultPage, resultPageLimit, sentInstant } from "./parts.ts";
import { indicatorName, reportAsOf, reportSelection, reportUnit } from "./report.ts";

const format = z
  .enum(["json", "csv"])
  .optional()
  .meta({ description: "`csv` has the same effect as `Accept: text/csv`" });

export const beforeAfterQuery = z.strictObject({
  ...reportSelection,
  date: sentInstant
    .optional()
    .meta({ description: "Compares the time before this instant with the time from it on, for example a training" }),
  version: z.coerce
    .number()
    .int()
    .min(2)
    .max(999_999_999)
    .optional()
    .meta({ description: "Compares earlier versions of `line` with this version and later ones" }),
  format,
});

const { party, timeline, from, to, os, model, symptom, channel: channelFilter, kind, line } = reportSelection;
/** The fields of a query that select cases by their opening. */
const openings = { party, timeline, from, to, os, model, symptom, channel: channelFilter, kind, line };

export const caseReportQuery = z.strictObject({ ...openings, format });
export const caseReportCasesQuery = z.strictObject({ ...openings, limit: resultPageLimit, cursor: cursor.optional() });

const side = z.object({
  value: z.number().nullable().meta({ description: "`null`: there is nothing to count" }),
  count: z.int(),
});

const head = { party: partyId, timeline: timelineId, asOf: reportAsOf };

export const beforeAfter = z
  .object({
    indicator: indicatorName,
    ...head,
    unit: reportUnit,
    before: side,
    after: side,
    result: z.discriminatedUnion("state", [
      z.object({
        state: z.literal("compared"),
        difference: z.number().meta({ description: "The value after, minus the value before" }),
        low: z.number().meta({ description: "The lower end of the interval" }),
        high: z.number(),
        confidence: z.number().meta({ description: "The share of such intervals that contain the true difference" }),
      }),
      z.object({
        state: z.literal("not-enough-cases"),
        smallest: z.int().meta({ description: "The number of counted things that each side needs" }),
      }),
    ]),
  })
  .meta({ id: "BeforeAfter" });

export const trainingDebt = z
  .object({
    ...head,
    state: z.enum(["compared", "not-enough-cases"]),
    groups: z.int().meta({ description: "The number of groups with enough crossed cases. Two are necessary" }),
    smallest: z.int().meta({ description: "The number of crossed cases that a group needs" }),
    items: z
      .array(
        z.object({
          symptom: z.string(),
          device: z.string().meta({ description: "The model, or the operating system of a case without a model" }),
          cases: z.int(),
          waitedHours: z.number().meta({ description: "How long the customers waited for the crossing, added up" }),
          medianHeldMs: z.number(),
          medianFixedMs: z.number().meta({ description: "An unsolved case counts as longer than any other" }),
          probability: z
            .number()
            .meta({ description: "The probability of these cases without a gap, corrected for the number of groups" }),
        }),
      )
      .meta({ description: "The training gaps, the longest waiting first" }),
  })
  .meta({ id: "TrainingDebt" });

const difference = z.discriminatedUnion("verdict", [
  z.object({
    verdict: z.enum(["higher", "lower", "alike", "unclear"]),
    value: z.number(),
    others: z.number().meta({ description: "The value of the other models in the channel" }),
    low: z.number().meta({ description: "The lower end of the interval of the difference" }),
    high: z.number(),
  }),
  z.object({ verdict: z.literal("not-enough-cases"), smallest: z.int() }),
]);

export const outcomes = z
  .object({
    ...head,
    items: z.array(
      z.object({
        model: z.string(),
        channel,
        cases: z.int(),
        differences: z.object({
          contacts: difference,
          firstContactResolution: difference,
          crossed: difference,
          reopened: difference,
        }),
      }),
    ),
  })
  .meta({ id: "Outcomes" });

export const caseReportCases = resultPage(
  z.object({
    caseId,
    openedAt: instant,
    symptom: z.string().nullable(),
    model: z.string().nullable(),
    os: z.string().nullable(),
    channel,
    contacts: z.int(),
    reopenings: z.int(),
    heldMs: z.int().nullable().meta({ description: "The time until the first acceptance. `null`: no vendor accepted" }),
    fixedMs: z.int().nullable().meta({ description: "The time from this acceptance to the fix of the same vendor" }),
  }),
).meta({ id: "CaseReportCases" });

export type BeforeAfter = z.infer<typeof beforeAfter>;
export type BeforeAfterQuery = z.output<typeof beforeAfterQuery>;
export type CaseReportQuery = z.output<typeof caseReportQuery>;
export type CaseReportCasesQuery = z.output<typeof caseReportCasesQuery>;
export type TrainingDebtReport = z.infer<typeof trainingDebt>;
export type OutcomesReport = z.infer<typeof outcomes>;
export type CaseReportCases = z.infer<typeof caseReportCases>;
