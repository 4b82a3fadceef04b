import { z } from "zod";
import { zone } from "../calendar.ts";
import { caseId, channel, instant, partyId } from "../events/vocabulary.ts";
import { isoInstant } from "../time.ts";
import { durationBetween, prose } from "./parts.ts";

const longestMs = 90 * 86_400_000;

/** `POST /v1/cases/{id}/customer-links` (the carrier of the case). */
export const createCustomerLinkRequest = z
  .strictObject({
    expiresIn: durationBetween(1_000, longestMs)
      .default("P30D")
      .meta({ description: "ISO 8601 duration until the link expires, at most P90D", examples: ["P30D"] }),
    zone: zone.optional().meta({
      description: "The customer's time zone, in which the screen shows instants. Absent: the zone of the browser",
    }),
  })
  .meta({ id: "CreateCustomerLink", examples: [{ expiresIn: "P30D", zone: "America/Toronto" }] });

export const createCustomerLinkResponse = z
  .object({
    caseId,
    path: z.string().meta({
      description:
        "The link, relative to the address of Crossline. Each person with the link reads the customer's screen",
      examples: ["/track#eyJhbGciOiJIUzI1NiJ9.eyJjYXNlIjoiY3NfMDEifQ.c2lnbmF0dXJl"],
    }),
    expiresAt: isoInstant,
  })
  .meta({ id: "CustomerLink" });

/** The acts of the customer on the customer's screen. */
export const customerAct = z.enum(["works", "still-broken", "add"]);

/** The situation of a case, as the customer reads it. */
export const customerSituation = z.enum([
  "received",
  "in-progress",
  "waiting-for-you",
  "waiting",
  "resolved",
  "reopened",
  "closed",
  "cancelled",
  "rejected",
  "continued",
]);

/** The kinds of steps that a customer reads. A fact of any other kind is internal. */
export const customerStepKind = z.enum([
  "opened",
  "you-contacted",
  "you-wrote",
  "you-confirmed",
  "you-disagreed",
  "live",
  "asked",
  "answered",
  "note",
  "worked-on",
  "given-back",
  "taken",
  "together",
  "waiting-for-you",
  "promised",
  "kept",
  "kept-late",
  "withdrawn",
  "resolved",
  "reopened",
  "closed",
  "cancelled",
  "rejected",
  "continued",
]);

/** One step of the history of a case that a customer may read. The words are from the customer, or were written for the customer. */
export const customerStep = z.object({
  at: instant,
  kind: customerStepKind,
  party: partyId.optional(),
  channel: channel.optional(),
  words: z.string().optional(),
  from: instant.optional(),
  until: instant.optional(),
});

/**
 * `GET /internal/cases/{id}/customer-steps` of the console: the last steps, the oldest first. `sequence` is the sequence of the last event
 * on the case topic that the console has applied, or 0.
 */
export const customerSteps = z.object({ items: z.array(customerStep), sequence: z.int() });

const presentedStep = z.object({
  at: isoInstant,
  kind: customerStepKind,
  text: z.string().meta({ description: "The step as a sentence", examples: ["Your case went to Orchard."] }),
  words: z
    .string()
    .optional()
    .meta({ description: "Words of the customer, or words that were written for the customer" }),
  from: isoInstant.optional().meta({ description: "The begin of the window of a promise" }),
  until: isoInstant.optional().meta({ description: "The end of the window of a promise" }),
});

/** `GET /v1/customer-view`: a case as its customer reads it. */
export const customerView = z
  .object({
    caseNumber: z.string().meta({ description: "The carrier's own number of the case", examples: ["NT-4711"] }),
    title: z.string(),
    carrier: z.string().meta({ description: "The name of the carrier", examples: ["Northtel"] }),
    situation: customerSituation,
    text: z.string().meta({ description: "The situation as a sentence", examples: ["Orchard works on your case."] }),
    openedAt: isoInstant,
    endedAt: isoInstant.optional(),
    holder: z
      .object({ name: z.string(), since: isoInstant })
      .optional()
      .meta({ description: "The company that has the case now. Absent if the case is solved" }),
    needBy: isoInstant.optional().meta({ description: "The instant by which the customer needs the solution" }),
    nextAnswer: z
      .object({
        by: isoInstant,
        name: z.string().meta({ description: "The name of the company that owes it" }),
        promised: z.boolean().meta({ description: "True if it is the end of a promise's window" }),
        late: z.boolean(),
      })
      .optional()
      .meta({
        description: "The next answer that a company owes to the customer. Absent if no company owes an answer now",
      }),
    steps: z
      .array(presentedStep)
      .meta({ description: "The history that the customer may read, the oldest step first" }),
    acts: z.array(customerAct).meta({ description: "The acts that are possible now" }),
    missing: z
      .array(z.enum(["steps", "nextAnswer"]))
      .meta({ description: "The parts that are not available at the moment" }),
    at: isoInstant.meta({ description: "The instant of this state" }),
    stepped: z.boolean().meta({ description: "True if the case is on a stepped timeline, whose mark is `at`" }),
    zone: zone.optional().meta({ description: "The customer's time zone, if the carrier has named it" }),
    linkExpiresAt: isoInstant,
  })
  .meta({ id: "CustomerView" });

/** `POST /v1/customer-view/contacts`: an act of the customer. */
export const customerContactRequest = z
  .strictObject({
    act: customerAct,
    text: prose(2000)
      .optional()
      .meta({ description: "Required unless the act is `works`", examples: ["It fails again."] }),
  })
  .superRefine(({ act, text }, context) => {
    if (act !== "works" && text === undefined)
      context.addIssue({
        code: "custom",
        path: ["text"],
        message: "is required: describe the problem, or your addition",
      });
  })
  .meta({ id: "CustomerContact", examples: [{ act: "still-broken", text: "It fails again after a minute." }] });

export const customerContactResponse = z
  .object({ act: customerAct, situation: customerSituation, at: isoInstant })
  .meta({ id: "CustomerContactRecorded" });

export type CustomerAct = z.infer<typeof customerAct>;
export type CustomerLink = z.infer<typeof createCustomerLinkResponse>;
export type CustomerSituation = z.infer<typeof customerSituation>;
export type CustomerStep = z.infer<typeof customerStep>;
export type CustomerSteps = z.infer<typeof customerSteps>;
export type CustomerStepKind = z.infer<typeof customerStepKind>;
export type CustomerView = z.infer<typeof customerView>;
