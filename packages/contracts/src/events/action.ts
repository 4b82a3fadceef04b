import { z } from "zod";
import { caseId, instant, partyId, timelineId } from "./vocabulary.ts";

export const loggedDoer = z
  .object({
    party: partyId,
    keyId: z.string().optional().meta({ description: "The API key. `internal` is the key of the internal routes" }),
    sessionId: z.string().optional().meta({ description: "The session of a person who has signed in" }),
    person: z.string().optional().meta({ description: "The company's own id of the person, which is not a name" }),
    automated: z.literal(true).optional().meta({ description: "True for a command on a case that a program sent" }),
    roles: z.array(z.string()).optional().meta({ description: "The roles of the person in the session" }),
  })
  .meta({ description: "The company, and the API key or the session with which it sent the request" });

const service = z.string().meta({ description: "The service that handled the request" });

const action = {
  at: instant.meta({ description: "The instant of the request" }),
  actor: loggedDoer,
  operation: z.string().meta({ description: "The `operationId`; for an internal route, its method and pattern" }),
  address: z.string().meta({ description: "The path of the request, without its query" }),
  case: caseId.optional(),
};

/**
 * The events that every service publishes on `crossline.action.v1`. The record key is the id of the record, so each key has one
 * record.
 */
export const actionEvents = {
  /** A command that has changed something, and that is no fact of a case. */
  "action.taken": z.object({
    service,
    ...action,
    timeline: timelineId.optional(),
    about: partyId
      .optional()
      .meta({ description: "The company that a command of the operator names in its address or in its query" }),
  }),
  /** Reads of companies. A service gathers the reads of up to a second in one record. */
  "action.read": z.object({ service, reads: z.array(z.object(action)).max(500) }),
} as const;

export type LoggedDoer = z.infer<typeof loggedDoer>;
