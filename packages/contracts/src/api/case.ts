import { z } from "zod";
import {
  caseId,
  caseStatus,
  channel,
  pauseCode,
  reopenCode,
  region,
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
    carrierCaseId: identifier(100).meta({
      description: "The carrier's own id of the case, which is unique for the carrier on one timeline",
    }),
    kind: slug.default("fault"),
    severity: severity.default("minor"),
    title: textRow(200),
    channel,
    line: slug.optional().meta({
      description:
        "The name of the line, whose newest version applies. If the name is absent, the match conditions and the default line decide",
    }),
    timeline: timelineId.default("wall"),
    device: sentDevice.optional(),
    symptom: slug.optional(),
    region: region
      .optional()
      .meta({ description: "The region in which the customer has the problem. A change can affect only some regions" }),
    needBy: sentInstant.optional(),
    subject: sentSubject.optional(),
    handling: z.strictObject({}).optional().meta({
      description:
        "Present if the opening also starts a handling, on the channel of the case. The handling needs heartbeats. `liveHandlings` of the case shows until when the handling counts",
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

/** `POST /v1/cases/{id}/move`: moves the case to another line, or to another version of the same line. */
export const moveRequest = z
  .strictObject({
    line: slug,
    version: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: "The version of the line. Default: the newest version" }),
    reason: note,
    ...actingPerson,
  })
  .meta({ id: "Move", examples: [{ line: "handheld-business", reason: "The customer is a company." }] });

/** `POST /v1/cases/{id}/merge`: merges the case, which is a duplicate, into another case. */
export const mergeRequest = z
  .strictObject({
    into: caseId.meta({
      description: "The target case, which stays open. If both cases have the same clock, the earlier deadline applies",
    }),
    reason: note,
    ...actingPerson,
  })
  .meta({
    id: "Merge",
    examples: [{ into: "cs_01jnrf4v2k8q6t0w3y5b7d9e1h", reason: "The same customer called twice." }],
  });

/**
 * `POST /v1/cases/{id}/corrections`: corrects fields of the case, with a reason. A correction does not change the line of the
 * case; only a move does.
 */
export const correctRequest = z
  .strictObject({
    reason: note,
    title: textRow(200).optional(),
    device: sentDevice.optional().meta({
      description: "The complete device. If you leave out a field here, Crossline removes the field from the case",
    }),
    symptom: slug.optional(),
    needBy: sentInstant.nullable().optional().meta({ description: "`null` removes the need-by" }),
    subject: sentSubject.pick({ imei: true, esn: true, iccid: true, msisdn: true }).optional().meta({
      description:
        "All identities of the device. If you leave out an identity here, Crossline removes the identity from the case",
    }),
    ...actingPerson,
  })
  .meta({
    id: "Correct",
    examples: [{ reason: "The rep misread the model.", device: { vendor: "orchard", model: "Handheld 8800" } }],
  });

/** `POST /v1/cases/{id}/handlings`: a person begins to work live with the customer. */
export const startHandlingRequest = z
  .strictObject({ channel, ...actingPerson })
  .meta({ id: "StartHandling", examples: [{ channel: "phone", person: "rep-7" }] });

/** `…/heartbeat`, `…/end`, `…/confirm`: requests without required fields. */
export const plainRequest = z
  .strictObject(actingPerson)
  .prefault({})
  .meta({ id: "Plain", examples: [{ person: "rep-7" }] });

/**
 * `POST /v1/cases/{id}/status`: changes the status. The status `pending` needs a note and the party for which the case waits.
 */
export const changeStatusRequest = z
  .strictObject({
    status: caseStatus,
    note: note.optional(),
    waitingOn: z.enum(["customer", "vendor", "carrier"]).optional(),
    code: pauseCode.optional().meta({ description: "The reason why a pending case waits" }),
    evidence: note.optional().meta({ description: "The evidence that the case must wait" }),
    maximum: pauseMaximum.optional(),
    fixCode: slug.optional(),
    rootCause: note.optional().meta({ description: "Required to resolve or cancel a joint case" }),
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
  .meta({ id: "Close", examples: [{ note: "The customer is satisfied.", person: "rep-7" }] });
export const reopenRequest = z
  .strictObject({ code: reopenCode, reason: note, ...actingPerson })
  .meta({ id: "Reopen", examples: [{ code: "still-broken", reason: "The handheld froze again after an hour." }] });

/** `POST /v1/cases/{id}/crossings`: requests a crossing by hand. */
export const crossRequest = z
  .strictObject({
    asOf: z.int().min(1).max(1e9).meta({ description: "The version of the case that the person read" }),
    reason: note.optional(),
    ...actingPerson,
  })
  .meta({ id: "Cross", examples: [{ asOf: 3, reason: "The rep does not know the cause.", person: "rep-7" }] });

/** The query for a list that belongs to one case, for example the contacts of the case. The oldest element is first. */
export const listOfCaseQuery = z.strictObject({ cursor: cursor.optional(), limit: resultPageLimit });

export type OpenCaseRequest = z.output<typeof openCaseRequest>;
