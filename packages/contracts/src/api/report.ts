import { z } from "zod";
import { zone } from "../calendar.ts";
import { caseId, channel, instant, partyId, queueName, slug, timelineId } from "../events/vocabulary.ts";
import { cursor, label, resultPage, resultPageLimit, sentInstant } from "./parts.ts";

/** The names of the indicators. `indicators` of packages/domain defines each of them. */
export const indicatorName = z.enum([
  "first-contact-resolution",
  "contacts-per-case",
  "transfers-per-case",
  "time-by-holder",
  "time-to-accept",
  "time-to-claim",
  "returns-by-code",
  "promises-kept",
  "cure-time-gap",
]);

/** The properties by which a report groups and filters. */
export const reportDimension = z.enum([
  "os",
  "osVersion",
  "model",
  "symptom",
  "channel",
  "kind",
  "line",
  "pool",
  "queue",
  "company",
  "code",
]);

export const reportPeriod = z.enum(["day", "week", "month", "quarter"]);

const dimensionsMax = 4;

const filters = {
  os: label(60).optional(),
  osVersion: label(60).optional(),
  model: label(100).optional(),
  symptom: slug.optional(),
  channel: channel.optional(),
  kind: slug.optional(),
  line: z
    .string()
    .regex(/^[a-z0-9-]{1,64}(?:@[1-9]\d{0,8})?$/, "must be the name of a line, or a version such as handheld@2")
    .optional(),
  pool: slug.optional(),
  queue: queueName.optional(),
  company: partyId.optional().meta({
    description: "The holder, the promisor, or the other company: the vendor for a carrier, the carrier for a vendor",
  }),
  code: slug.optional(),
};

/** The fields of a query that select the counted things. */
export const reportSelection = {
  party: partyId.optional().meta({ description: "Only for the operator, who must name the company" }),
  timeline: timelineId.default("wall"),
  from: sentInstant
    .optional()
    .meta({ description: "The start of the time in which the report counts. Default: no start" }),
  to: sentInstant.optional().meta({ description: "The end of this time, which is not part of it. Default: no end" }),
  ...filters,
};

const by = z
  .string()
  .max(200)
  .optional()
  .transform((text) => [...new Set((text ?? "").split(",").filter((name) => name !== ""))])
  .pipe(z.array(reportDimension).max(dimensionsMax));

export const reportQuery = z.strictObject({
  ...reportSelection,
  by: by.meta({ description: "Up to 4 dimensions, separated by commas", examples: ["os,model"] }),
  period: reportPeriod.optional().meta({ description: "Groups by this period, too" }),
  zone: zone.default("UTC").meta({ description: "The time zone of the periods" }),
  format: z.enum(["json", "csv"]).optional().meta({ description: "`csv` has the same effect as `Accept: text/csv`" }),
});

export const reportCasesQuery = z.strictObject({
  ...reportSelection,
  limit: resultPageLimit,
  cursor: cursor.optional(),
});

export const reportParams = z.object({ indicator: indicatorName });

/** How far insight had read the topics. Without `readUntil`, insight has not yet read all of them. */
export const reportAsOf = z
  .object({ state: z.enum(["current", "rebuilding"]), readUntil: instant.optional() })
  .meta({ description: "The report contains every record before `readUntil`. A rebuild has no `readUntil` yet" });

export const reportUnit = z.enum(["share", "mean", "count", "milliseconds"]);

export const indicatorList = z
  .object({
    items: z.array(
      z.object({
        indicator: indicatorName,
        title: z.string(),
        definition: z.string(),
        unit: reportUnit,
        dimensions: z.array(reportDimension),
      }),
    ),
  })
  .meta({ id: "Indicators" });

const row = z.object({
  group: z
    .record(z.string(), z.string().nullable())
    .meta({ description: "The dimensions of the row. `null`: the case names no such value" }),
  value: z.number().nullable().meta({ description: "`null`: there is nothing to count" }),
  count: z.int().meta({ description: "The number of cases, hand-offs, assignments or promises that were counted" }),
  parts: z
    .record(z.string(), z.number().nullable())
    .meta({ description: "The numbers from which the value was calculated" }),
});

export const report = z
  .object({
    indicator: indicatorName,
    party: partyId,
    timeline: timelineId,
    unit: reportUnit,
    asOf: reportAsOf,
    items: z.array(row),
    omitted: z.int().meta({ description: "The number of further rows, which have the smallest counts" }),
  })
  .meta({ id: "Report" });

export const reportCases = resultPage(
  z.object({
    caseId,
    id: z
      .string()
      .meta({ description: "The id of the counted hand-off, assignment or promise, the holder, or the case" }),
    at: instant.meta({ description: "The instant that decides to which period the row belongs" }),
    value: z.number().nullable(),
    other: z.number().nullable().meta({ description: "The second number, for example the time of the fix" }),
  }),
).meta({ id: "ReportCases" });

export type IndicatorName = z.infer<typeof indicatorName>;
export type ReportDimension = z.infer<typeof reportDimension>;
export type ReportQuery = z.output<typeof reportQuery>;
export type ReportCasesQuery = z.output<typeof reportCasesQuery>;
export type Report = z.infer<typeof report>;
export type IndicatorList = z.infer<typeof indicatorList>;
export type ReportCases = z.infer<typeof reportCases>;
