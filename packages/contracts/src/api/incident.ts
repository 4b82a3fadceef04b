import { z } from "zod";
import { messageMark, messageTextMax, messageVia } from "../events/message.ts";
import { incidentEndCause, incidentLeaveCause } from "../events/service.ts";
import { actor, caseStatus, channel, instant, partyId, timelineId } from "../events/vocabulary.ts";
import { actingPerson, cursor, identifier, note, prose, resultPage, resultPageLimit } from "./parts.ts";

const membersMax = 1_000;

const incidentId = z.string().meta({ examples: ["ic_01jnrfh2q4s6v8x0z2b4d6f8hk"] });
const caseIdField = identifier(64).meta({ examples: ["cs_01jnrf4v2k8q6t0w3y5b7d9e1g"] });

/** `POST /v1/incidents`: opens an incident by hand. */
export const openIncidentRequest = z
  .strictObject({
    leadCaseId: caseIdField.meta({ description: "The lead case. It crosses at once, unless it has crossed already" }),
    members: z
      .array(caseIdField)
      .max(membersMax)
      .default([])
      .meta({ description: "The cases that wait for the fix of the lead case" }),
    reason: note,
    ...actingPerson,
  })
  .meta({
    id: "OpenIncident",
    examples: [
      { leadCaseId: "cs_01jnrf4v2k8q6t0w3y5b7d9e1g", members: [], reason: "A mast is down.", person: "rep-7" },
    ],
  });

/** `…/join` and `…/leave`. */
export const joinIncidentRequest = z.strictObject({ caseId: caseIdField, reason: note, ...actingPerson }).meta({
  id: "JoinIncident",
  examples: [{ caseId: "cs_01jnrf4v2k8q6t0w3y5b7d9e1g", reason: "The customer lives beside the mast." }],
});

/** `…/end`, and `…/messages/{messageId}/release` and `…/withdraw`. */
export const endIncidentRequest = z
  .strictObject({ reason: note, ...actingPerson })
  .meta({ id: "EndIncident", examples: [{ reason: "The cases have different causes." }] });

/** `…/messages`: writes one message for all cases of the incident. */
export const writeIncidentMessageRequest = z
  .strictObject({
    text: prose(messageTextMax),
    channel: z.enum(["mail", "sms", "web", "social", "other"]).default("mail"),
    via: messageVia.default("crm").meta({
      description:
        "`crm`: your CRM sends the message of each case. `mail`: Crossline sends it in the mail thread of each case",
    }),
    reason: note.optional().meta({ description: "The reason to send the message even if the guard marks a place" }),
    ...actingPerson,
  })
  .superRefine(({ via, channel: by }, context) => {
    if (via !== "mail" || by === "mail") return;
    context.addIssue({
      code: "custom",
      path: ["channel"],
      message: "must be `mail`, because Crossline sends the mail",
    });
  })
  .meta({ id: "WriteIncidentMessage", examples: [{ text: "We are repairing the mast.", person: "rep-7" }] });

export const incidentListQuery = z.strictObject({
  timeline: timelineId.default("wall"),
  state: z.enum(["open", "ended"]).optional(),
  cursor: cursor.optional(),
  limit: resultPageLimit,
});

/** The words by which people know a case. Only responses to reads have them. */
const caseLabel = {
  carrierCaseId: z.string().optional().meta({ description: "Absent in responses to commands" }),
  title: z.string().optional().meta({ description: "Absent in responses to commands" }),
  status: caseStatus.optional().meta({ description: "Absent in responses to commands" }),
};

const memberFields = {
  caseId: z.string(),
  ...caseLabel,
  openedAt: instant.meta({ description: "When the case was opened" }),
  joinedAt: instant,
};

const incidentMessage = z.object({
  id: z.string(),
  at: instant,
  author: actor,
  channel,
  via: messageVia,
  text: z.string(),
  marks: z.array(messageMark),
  state: z.enum(["held", "released", "withdrawn"]).meta({
    description: "`held`: the guard marked a place, and a person must decide. `released`: each case got the message",
  }),
  reason: z.string().optional(),
  releasedBy: actor.optional(),
  cases: z.int().meta({ description: "The number of cases that got the message when it was released" }),
  refused: z.int().meta({ description: "The number of cases that refused the message" }),
});

/** An incident in a list. */
export const incidentSummary = z
  .object({
    id: incidentId,
    timeline: z.string(),
    state: z.enum(["open", "ended"]),
    scope: z
      .object({ kind: z.string(), symptom: z.string(), vendor: z.string().optional(), model: z.string().optional() })
      .optional()
      .meta({
        description:
          "The properties that the cases share. A later case with the same properties joins. Absent without a symptom",
      }),
    openedAt: instant,
    openedBy: actor,
    reason: z.string(),
    leadCaseId: z.string().meta({ description: "The only case of the incident that crosses" }),
    lead: z.object(caseLabel).optional().meta({ description: "The lead case. Absent in responses to commands" }),
    holder: partyId.meta({ description: "The company that holds the lead case" }),
    cases: z.int().meta({ description: "The number of cases with the lead case" }),
    firstOpenedAt: instant,
    lastOpenedAt: instant.meta({ description: "When the last case of the incident was opened" }),
    ended: z
      .object({
        at: instant,
        cause: incidentEndCause.meta({
          description:
            "`cured`: the lead case was resolved, and each member is resolved by an event of its own. `lead-ended`: it ended without a fix",
        }),
        reason: z.string().optional(),
        fixCode: z.string().optional(),
      })
      .optional(),
  })
  .meta({ id: "IncidentSummary" });

/** An incident with its cases and messages. Only the carrier reads it. */
export const presentedIncident = incidentSummary
  .extend({
    members: z.array(z.object(memberFields)),
    former: z
      .array(
        z.object({
          caseId: z.string(),
          ...caseLabel,
          at: instant,
          cause: z.enum([...incidentLeaveCause.options, "refused"]).meta({
            description: "`refused`: the case could not join. `maximum`: it had waited for the maximum of its line",
          }),
          reason: z.string().optional(),
        }),
      )
      .meta({ description: "The cases that were members" }),
    messages: z.array(incidentMessage),
  })
  .meta({ id: "Incident" });

export const incidentResultPage = resultPage(incidentSummary).meta({ id: "IncidentPage" });

export type IncidentSummary = z.infer<typeof incidentSummary>;
export type PresentedIncident = z.infer<typeof presentedIncident>;
export type IncidentPage = z.infer<typeof incidentResultPage>;
