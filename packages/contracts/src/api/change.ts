import { z } from "zod";
import { changeCompaniesMax, changeId } from "../events/change.ts";
import { caseStatus, instant, partyId, region, slug, timelineId } from "../events/vocabulary.ts";
import { actingPerson, actingPersonFields, cursor, identifier, label, note, prose, resultPage } from "./parts.ts";
import { resultPageLimit, sentInstant, textRow } from "./parts.ts";
import { sentSubject } from "./sent.ts";

const identitiesMax = 10_000;
const exampleId = "ch_01jnrf4v2k8q6t0w3y5b7d9e1g";
const { imei, esn, iccid, msisdn, email, customerId } = sentSubject.shape;

const scope = {
  vendor: partyId
    .optional()
    .meta({ description: "Only cases about a device of this vendor. A vendor's change affects only its own devices" }),
  regions: z
    .array(region)
    .min(1)
    .max(100)
    .optional()
    .meta({ description: "Only cases in one of these regions. `CA` includes `CA-ON`" }),
  models: z.array(label(100)).min(1).max(100).optional().meta({ description: "Only cases about one of these models" }),
};

const affected = z
  .strictObject({
    companies: z
      .union([z.literal("partners"), z.array(partyId).max(changeCompaniesMax)])
      .optional()
      .meta({
        description:
          "The companies that must confirm the change. `partners`, the default: each company with which you share one of your 10,000 newest cases. A carrier's own cases are always affected",
      }),
    ...scope,
    identities: z
      .array(z.strictObject({ imei, esn, iccid, msisdn, email, customerId }))
      .min(1)
      .max(identitiesMax)
      .optional()
      .meta({ description: "Only cases about one of these devices or customers" }),
  })
  .meta({ id: "AffectedByChange" });

/** `POST /v1/changes`: announces a change to the companies that it affects. */
export const announceChangeRequest = z
  .strictObject({
    title: textRow(200),
    description: prose(4000),
    startsAt: sentInstant,
    endsAt: sentInstant.optional(),
    mustDo: prose(2000).optional().meta({ description: "The things that the affected companies must do" }),
    symptoms: z
      .array(slug)
      .max(20)
      .default([])
      .meta({ description: "The symptoms that the change may cause. A case with one of them is linked to the change" }),
    affected: affected.optional(),
    confirmBy: sentInstant.optional().meta({
      description:
        "The deadline of the receipts. Default: 24 hours after the announcement or the start of the change, whichever is earlier, but at least 1 hour after the announcement",
    }),
    timeline: timelineId.default("wall"),
    ...actingPerson,
  })
  .meta({
    id: "AnnounceChange",
    examples: [
      {
        title: "New addresses of the mail gateway",
        description: "The gateway gets new addresses. Devices with the old addresses cannot send mail.",
        startsAt: "2026-03-16T02:00:00Z",
        mustDo: "Replace the old addresses in your configuration.",
        symptoms: ["no-data"],
        affected: { companies: ["orchard"], models: ["Handheld 8700"] },
        person: "lead-2",
      },
    ],
  });

/** `POST /v1/changes/{id}/receipt`: a person of an affected company confirms the change. */
export const confirmChangeRequest = z
  .strictObject({
    person: identifier(64)
      .meta({ description: "The company's own id of the person who confirms. A program cannot confirm a change" })
      .register(actingPersonFields, { is: "person" }),
  })
  .meta({ id: "ConfirmChange", examples: [{ person: "eng-4" }] });

/** `POST /v1/changes/{id}/withdraw`: withdraws a change. */
export const withdrawChangeRequest = z
  .strictObject({ reason: note, ...actingPerson })
  .meta({ id: "WithdrawChange", examples: [{ reason: "The old addresses stay in use." }] });

/** `POST /v1/cases/{id}/link-change`: links a case to a change. */
export const linkChangeRequest = z
  .strictObject({ changeId, reason: note, ...actingPerson })
  .meta({ id: "LinkChange", examples: [{ changeId: exampleId, reason: "It began that night." }] });

/** `POST /v1/cases/{id}/unlink-change`: removes the link of a case to a change. */
export const unlinkChangeRequest = z
  .strictObject({ changeId, reason: note, ...actingPerson })
  .meta({ id: "UnlinkChange", examples: [{ changeId: exampleId, reason: "The SIM is broken." }] });

const receipt = z.object({
  state: z.enum(["awaited", "overdue", "confirmed"]),
  confirmedAt: instant.optional(),
  person: z.string().optional(),
  wasOverdue: z.boolean().optional().meta({ description: "True if the company confirmed after `confirmBy`" }),
});

/** A change as its announcer or an affected company reads it. */
export const presentedChange = z
  .object({
    id: changeId,
    by: partyId.meta({ description: "The company that announced the change" }),
    timeline: timelineId,
    title: z.string(),
    description: z.string(),
    mustDo: z.string().optional(),
    startsAt: instant,
    endsAt: instant.optional(),
    symptoms: z.array(slug),
    affected: z.object({
      ...scope,
      identities: z.int().optional().meta({ description: "The number of listed devices and customers" }),
    }),
    announcedAt: instant,
    late: z.boolean().meta({ description: "True if the change was announced less than 3 days before its start" }),
    lateBy: z.string().optional().meta({ description: "How much too late, as an ISO 8601 duration" }),
    confirmBy: instant,
    withdrawn: z.object({ at: instant, reason: z.string() }).optional(),
    receipt: receipt.optional().meta({ description: "Your receipt, if you are an affected company" }),
    receiptCounts: z
      .object({ confirmed: z.int(), awaited: z.int(), overdue: z.int() })
      .optional()
      .meta({ description: "The receipts by state. Only the announcer reads them" }),
  })
  .meta({ id: "Change" });

/** `GET /v1/changes/{id}`. Only the announcer reads the receipts of the companies. */
export const detailedChange = presentedChange
  .extend({
    receipts: z.array(receipt.extend({ company: partyId })).optional(),
    cases: z.int().meta({ description: "The number of linked cases that you may read" }),
  })
  .meta({ id: "DetailedChange" });

/** `GET /v1/changes`, newest first. */
export const listChangesQuery = z.strictObject({
  timeline: timelineId.default("wall"),
  receipt: z
    .enum(["open"])
    .optional()
    .meta({ description: "`open`: only changes that you must still confirm, or that another company must confirm" }),
  cursor: cursor.optional(),
  limit: resultPageLimit,
});
export const changeResultPage = resultPage(presentedChange).meta({ id: "Changes" });

/** `GET /v1/changes/{id}/cases`: the linked cases that the reader may read, newest first. */
export const changedCasesQuery = z.strictObject({ cursor: cursor.optional(), limit: resultPageLimit });
export const changedCaseResultPage = resultPage(
  z.object({
    caseId: z.string(),
    carrierCaseId: z.string(),
    carrier: partyId,
    title: z.string(),
    symptom: slug.optional(),
    status: caseStatus,
    openedAt: instant,
  }),
).meta({ id: "ChangedCases" });

export type AnnounceChangeRequest = z.output<typeof announceChangeRequest>;
export type PresentedChange = z.infer<typeof presentedChange>;
export type DetailedChange = z.infer<typeof detailedChange>;
export type ChangePage = z.infer<typeof changeResultPage>;
export type ChangedCasePage = z.infer<typeof changedCaseResultPage>;
