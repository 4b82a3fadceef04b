import { z } from "zod";
import { loggedDoer } from "../events/action.ts";
import { caseId, instant, partyId, timelineId } from "../events/vocabulary.ts";
import { asOf } from "./console.ts";
import { resultPageLimit, sentInstant } from "./parts.ts";

const hash = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ examples: ["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"] });

/** One row of the action log of a company. */
export const loggedAction = z
  .object({
    party: partyId.meta({ description: "The company whose part of the log has the row" }),
    number: z.int().min(1).meta({ description: "The place of the row in the company's part, from 1 without gaps" }),
    at: instant,
    kind: z.enum(["command", "read"]),
    actor: loggedDoer,
    operation: z.string().meta({
      description: "The `operationId`. For a command on a case, the type of the fact that records the command",
    }),
    address: z.string().optional().meta({ description: "The path of the request. Absent for a command on a case" }),
    case: caseId.optional(),
    timeline: timelineId.optional(),
    service: z.string(),
    source: z.string().meta({ description: "The id of the event from which the row comes" }),
    hash: hash.meta({
      description:
        "The SHA-256 in hex of the hash of the row before, followed by this row without `hash` as canonical JSON (RFC 8785)",
    }),
  })
  .meta({ id: "LoggedAction" });

const logHead = z.object({ number: z.int(), hash });

export const actionsQuery = z.strictObject({
  party: partyId.optional().meta({ description: "Another company's part, for the operator only" }),
  after: z.coerce.number().int().min(0).default(0).meta({ description: "The `number` after which the page begins" }),
  limit: resultPageLimit,
  from: sentInstant.optional(),
  to: sentInstant.optional().meta({ description: "Only rows before this instant" }),
  kind: z.enum(["command", "read"]).optional(),
  person: z.string().max(64).optional(),
  operation: z.string().max(200).optional(),
  case: caseId.optional(),
});

export const actionsPage = z
  .object({
    party: partyId,
    items: z.array(loggedAction),
    next: z.int().optional().meta({ description: "The `after` of the next page; absent if no row follows" }),
    head: logHead.optional().meta({ description: "The last row of the company's part" }),
    asOf,
  })
  .meta({ id: "ActionsPage" });

export const exportActionsQuery = z.strictObject({ party: actionsQuery.shape.party });

/** The last line of an export file. */
export const actionsEnd = z.object({ end: z.object({ party: partyId, rows: z.int(), head: hash.optional() }) });

export const exportedActions = z.string().meta({
  description: "One row of the log on each line, and at the end a line with the number of rows and the last hash",
  examples: ['{"end":{"party":"northtel","rows":0}}\n'],
});

export type LoggedAction = z.infer<typeof loggedAction>;
export type ActionsQuery = z.output<typeof actionsQuery>;
export type ActionsPage = z.input<typeof actionsPage>;
export type ActionsEnd = z.infer<typeof actionsEnd>;
