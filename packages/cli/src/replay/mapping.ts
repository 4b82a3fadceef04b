import { caseStatus } from "@crossline/contracts";
import { z } from "zod";

const column = z.string().min(1);

/** A state of a case, or `unchanged` if the row leaves the state as it was. */
const rowStatus = z.union([caseStatus, z.literal("unchanged")]);

export type RowStatus = z.infer<typeof rowStatus>;

/**
 * The mapping of a desk's log names the columns of the log and the meanings of the words in these columns. The rows of
 * a case can be anywhere in the file, because the replay sorts them by `time` and then by `order`.
 */
const mappingSchema = z.strictObject({
  description: z.string().optional(),
  /** The desk's own number of the case. */
  case: column,
  time: column.describe("The time of the row"),
  timeFormat: z
    .enum(["D/M/YYYY H:M", "ISO 8601"])
    .describe("`D/M/YYYY H:M` has no padding, seconds or zone and is read as UTC"),
  order: column.optional().describe("A number that orders rows of the same time"),
  status: column,
  /**
   * The desk's own words for states, each with its state. The mapping's table applies before the built-in table.
   * `otherStatus` applies to a word that is in neither of the two tables.
   */
  statuses: z.record(z.string(), rowStatus),
  otherStatus: rowStatus.optional(),
  person: column.optional().describe("The person, by a name that no other person has"),
  holder: column.optional().describe("The holder at that time: a group or a desk; the report counts crossings by it"),
  missing: z.string().default("").describe("The text of an empty field"),
  /** Further columns of each row. A column must not contain values that became known only after the time of the row. */
  fields: z.array(column).default([]),
});

export type Mapping = z.infer<typeof mappingSchema>;

/** The mapping of the UCI "incident management process enriched event log" (DOI 10.24432/C57S4H). */
export const incidentEventLog: Mapping = {
  description: "ServiceNow audit log, UCI 498",
  case: "number",
  time: "sys_updated_at",
  timeFormat: "D/M/YYYY H:M",
  order: "sys_mod_count",
  status: "incident_state",
  statuses: {
    New: "acknowledged",
    Active: "inProgress",
    "Awaiting User Info": "pending",
    "Awaiting Vendor": "pending",
    "Awaiting Problem": "pending",
    "Awaiting Evidence": "pending",
    Resolved: "resolved",
    Closed: "closed",
    "-100": "pending", // Five rows have this unknown state, in which no company has to act.
  },
  holder: "assignment_group",
  missing: "?",
  // The list leaves out resolved_at, closed_at, closed_code and resolved_by. Every row contains the final values of
  // these columns, and a replay must not show a value early.
  fields: [
    "sys_mod_count",
    "assignment_group",
    "priority",
    "category",
    "contact_type",
    "reassignment_count",
    "reopen_count",
  ],
};

/**
 * The standard attributes of XES (IEEE 1849). `xes-status.ts` reads the state from `concept:name` and
 * `lifecycle:transition`.
 */
export const standardXes: Mapping = {
  description: "XES with the extensions concept, time, lifecycle and org",
  case: "concept:name",
  time: "time:timestamp",
  timeFormat: "ISO 8601",
  status: "concept:name",
  statuses: {},
  person: "org:resource",
  holder: "org:group",
  missing: "",
  fields: ["concept:name", "lifecycle:transition", "org:group"],
};

/** Reads a mapping file. Throws an Error whose message describes the fault in one sentence. */
export function parseMapping(text: string, name: string): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`the mapping ${name} is not JSON`, { cause });
  }
  const read = mappingSchema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`the mapping ${name} has a fault at /${issue?.path.join("/") ?? ""}: ${issue?.message ?? ""}`);
}

/**
 * Reads a time in the format of the mapping, in milliseconds. Returns undefined if the text does not have this format.
 */
export function parseTime(text: string, format: Mapping["timeFormat"]): number | undefined {
  if (format === "ISO 8601") {
    try {
      return Temporal.Instant.from(text).epochMilliseconds;
    } catch {
      return undefined;
    }
  }
  const match = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(text);
  if (match === null) return undefined;
  const [day, month, year, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  const time = Date.UTC(year, month - 1, day, hour, minute);
  const read = new Date(time);
  const isReal = read.getUTCDate() === day && read.getUTCMonth() === month - 1 && hour < 24 && minute < 60;
  return isReal ? time : undefined;
}
