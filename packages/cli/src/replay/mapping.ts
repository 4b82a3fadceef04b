import { caseStatus } from "@crossline/contracts";
import { z } from "zod";

const column = z.string().min(1);

/** A state of a case, or `unchanged`: the row leaves its case in the state that it had. */
const rowStatus = z.union([caseStatus, z.literal("unchanged")]);

export type RowStatus = z.infer<typeof rowStatus>;

/**
 * How another desk's log is read: which column holds what, and what its words mean. Rows of one case need not lie
 * together or in order: within a case they are ordered by `time`, then by `order`.
 */
const mappingSchema = z.strictObject({
  description: z.string().optional(),
  /** The desk's own number of the case. */
  case: column,
  time: column.describe("When the row happened"),
  timeFormat: z
    .enum(["D/M/YYYY H:M", "ISO 8601"])
    .describe("`D/M/YYYY H:M` has no padding, seconds or zone and is read as UTC"),
  order: column.optional().describe("A number that orders rows of the same time"),
  status: column,
  /** What the desk's states are called here, before the built-in table; `otherStatus` takes what neither knows. */
  statuses: z.record(z.string(), rowStatus),
  otherStatus: rowStatus.optional(),
  person: column.optional().describe("Who did it, by a name that is nobody's own"),
  holder: column.optional().describe("Who had the case then: a group or a desk; crossings are counted by it"),
  missing: z.string().default("").describe("How an empty field is written"),
  /** Columns that go along with each row. None may hold what only became known later. */
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
    "-100": "pending", // Five rows of an unknown state: nobody's turn.
  },
  holder: "assignment_group",
  missing: "?",
  // resolved_at, closed_at, closed_code and resolved_by hold their final value on every row: a replay must not show them early.
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

/** The standard attributes of XES (IEEE 1849). The state is read by `xes-status.ts` from two of them. */
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

/** Reads a mapping file; the error says in one sentence what is wrong with it. */
export function parseMapping(text: string, name: string): Mapping {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch (cause) {
    throw new Error(`the mapping ${name} is not JSON`, { cause });
  }
  const read = mappingSchema.safeParse(written);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Error(`the mapping ${name} has a fault at /${issue?.path.join("/") ?? ""}: ${issue?.message ?? ""}`);
}

/** Reads a time as the mapping says, into milliseconds; undefined where it is none. */
export function parseTime(text: string, format: Mapping["timeFormat"]): number | undefined {
  if (format === "ISO 8601") {
    try {
      return Temporal.Instant.from(text).epochMilliseconds;
    } catch {
      return undefined;
    }
  }
  const found = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})$/.exec(text);
  if (found === null) return undefined;
  const [day, month, year, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  const time = Date.UTC(year, month - 1, day, hour, minute);
  const read = new Date(time);
  const isReal = read.getUTCDate() === day && read.getUTCMonth() === month - 1 && hour < 24 && minute < 60;
  return isReal ? time : undefined;
}
