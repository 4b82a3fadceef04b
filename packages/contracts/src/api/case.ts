import { z } from "zod";
import {
  caseId,
  caseStatus,
  channel,
  pauseCode,
  reopenCode,
  severity,
  slug,
  timelineId,
} from "../events/vocabulary.ts";
import { pauseMaximum } from "./promise.ts";
import { actingPerson, cursor, identifier, textRow, note, resultPageLimit, sentInstant } from "./parts.ts";
import { sentDevice, sentSubject } from "./sent.ts";

/** `POST /v1/cases`. */
export const openCaseRequest = z
  .strictObject({
    carrierCaseId: identifier(100).meta({ description: "The carrier's own id: unique for it on one timeline" }),
    kind: slug.default("fault"),
    severity: severity.default("minor"),
    title: textRow(200),
    channel,
    line: slug
      .optional()
      .meta({ description: "The carrier's line, in its newest version; else the carrier's default" }),
    timeline: timelineId.default("wall"),
    device: sentDevice.optional(),
    symptom: slug.optional(),
    needBy: sentInstant.optional(),
    subject: sentSubject.optional(),
    handling: z.strictObject({}).optional().meta({
      description:
        "There when a person begins to work live with the customer in the same moment, on the case's channel. The handling wants heartbeats: `liveHandlings` of the case says until when it counts",
    }),
    ...actingPerson,
  })
  .meta({
    id: "OpenCase",
    examples: [
      {
        carrierCaseId: "NT-4711",
        line: "handheld-consumer",
        title: "Handheld is out of memory",
        channel: "phone",
        device: { vendor: "orchard", model: "Handheld 8700", os: "4.2" },
        symptom: "out-of-memory",
        handling: {},
        person: "rep-7",
      },
    ],
  });

/** `POST /v1/cases/{id}/move`: the case goes on under another line, or another version of its own. */
export const moveRequest = z
  .strictObject({
    line: slug,
    version: z.int().min(1).max(1_000_000).optional().meta({ description: "The newest, if it is left out" }),
    reason: note,
    ...actingPerson,
  })
  .meta({ id: "Move", examples: [{ line: "handheld-business", reason: "The customer is a company." }] });

/** `POST /v1/cases/{id}/merge`: the case turned out to be the same as another, which goes on. */
export const mergeRequest = z
  .strictObject({
    into: caseId.meta({ description: "The case that goes on, with the earlier deadline of each two" }),
    reason: note,
    ...actingPerson,
  })
  .meta({
    id: "Merge",
    examples: [{ into: "cs_01jnrf4v2k8q6t0w3y5b7d9e1h", reason: "The same customer called twice." }],
  });

/** `POST /v1/cases/{id}/corrections`: what was wrong about the case, and why it is changed. The line stays; see `move`. */
export const correctRequest = z
  .strictObject({
    reason: note,
    title: textRow(200).optional(),
    device: sentDevice.optional().meta({ description: "The whole device: what is left out of it is not known" }),
    symptom: slug.optional(),
    needBy: sentInstant.nullable().optional().meta({ description: "null: there is no such deadline" }),
    subject: sentSubject
      .pick({ imei: true, esn: true, iccid: true, msisdn: true })
      .optional()
      .meta({ description: "The identities of the device, all of them: those left out are removed" }),
    ...actingPerson,
  })
  .meta({
    id: "Correct",
    examples: [{ reason: "The model was read wrong.", device: { vendor: "orchard", model: "Handheld 8800" } }],
  });

/** `POST /v1/cases/{id}/handlings`: a person begins to work live with the customer. */
export const startHandlingRequest = z
  .strictObject({ channel, ...actingPerson })
  .meta({ id: "StartHandling", examples: [{ channel: "phone", person: "rep-7" }] });

/** `…/heartbeat`, `…/end`, `…/confirm`: nothing needs to be said. */
export const plainRequest = z
  .strictObject(actingPerson)
  .prefault({})
  .meta({ id: "Plain", examples: [{ person: "rep-7" }] });

/** `POST /v1/cases/{id}/status`. A pending case says what it waits for, and for whom. */
export const changeStatusRequest = z
  .strictObject({
    status: caseStatus,
    note: note.optional(),
    waitingOn: z.enum(["customer", "vendor", "carrier"]).optional(),
    code: pauseCode.optional().meta({ description: "Why a pending case waits" }),
    evidence: note.optional().meta({ description: "What shows that it has to wait" }),
    maximum: pauseMaximum.optional(),
    fixCode: slug.optional(),
    rootCause: note.optional().meta({ description: "Needed where a joint case is resolved or cancelled" }),
    ...actingPerson,
  })
  .meta({
    id: "ChangeStatus",
    examples: [
      {
        status: "pending",
        waitingOn: "customer",
        code: "customer-to-answer",
        note: "We asked for the bill.",
        maximum: "P3D",
      },
    ],
  });

export const closeRequest = z
  .strictObject({ note: note.optional(), ...actingPerson })
  .prefault({})
  .meta({ id: "Close", examples: [{ note: "The customer is content.", person: "rep-7" }] });
export const reopenRequest = z
  .strictObject({ code: reopenCode, reason: note, ...actingPerson })
  .meta({ id: "Reopen", examples: [{ code: "still-broken", reason: "It froze again after an hour." }] });

/** `POST /v1/cases/{id}/crossings`: somebody beyond the holder is wanted. */
export const crossRequest = z
  .strictObject({
    asOf: z.int().min(1).max(1e9).meta({ description: "The version of the case that the person saw" }),
    reason: note.optional(),
    ...actingPerson,
  })
  .meta({ id: "Cross", examples: [{ asOf: 3, reason: "The rep does not know where to look.", person: "rep-7" }] });

/** What the lists of a case take: oldest first. */
export const listOfCaseQuery = z.strictObject({ cursor: cursor.optional(), limit: resultPageLimit });

export type OpenCaseRequest = z.output<typeof openCaseRequest>;
