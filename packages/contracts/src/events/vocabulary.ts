import { z } from "zod";
import { isoInstant } from "../time.ts";

/** The name of a party, line, step or code: lower-case letters, digits and hyphens. */
export const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, "lower-case letters, digits and hyphens, at most 64")
  .meta({ examples: ["handheld-consumer"] });

export const partyId = slug.meta({
  description: "A party: a carrier, a vendor or the operator",
  examples: ["northtel"],
});
/** A country by ISO 3166-1 alpha-2, such as `CA`. */
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, "must be a country by ISO 3166-1, in two capital letters: CA")
  .meta({ examples: ["CA"] });
/** A country, or a part of a country, by ISO 3166-1 or ISO 3166-2: `CA` or `CA-ON`. */
export const region = z
  .string()
  .regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/, "must be a country or a part of it by ISO 3166: CA or CA-ON")
  .meta({ examples: ["CA-ON"] });
export const caseId = z
  .string()
  .regex(/^cs_[0-9a-z]{26}$/, "a case id is cs_ and 26 characters")
  .meta({ examples: ["cs_01jnrf4v2k8q6t0w3y5b7d9e1g"] });
export const handoffId = z
  .string()
  .regex(/^ho_[0-9a-z]{26}$/, "a hand-off id is ho_ and 26 characters")
  .meta({ examples: ["ho_01jnrg9c4m7p2s5v8x0z3b6d9f"] });
export const assignmentId = z
  .string()
  .regex(/^pa_[0-9a-z]{26}$/, "an assignment id is pa_ and 26 characters")
  .meta({ examples: ["pa_01jnrg9c4m7p2s5v8x0z3b6d9f"] });
export const timelineId = z
  .string()
  .regex(/^(?:wall|(?:imp|stp)_[0-9a-z]{26})$/, "a timeline is `wall` or an id from /v1/timelines")
  .meta({ examples: ["wall"] });

/** The name of a queue: `<vendor>.<team>`. */
export const queueName = z
  .string()
  .regex(/^[a-z0-9-]{1,64}\.[a-z0-9-]{1,64}$/, "a queue is named <vendor>.<team>, e.g. orchard.handheld")
  .meta({ examples: ["orchard.handheld"] });

/** Returns the party that owns a queue or roster: the first part of `<party>.<team>`. */
export function partyOf(name: string): string {
  return name.split(".")[0] ?? name;
}

/** `live-assist`: the customer is live, so a claim has a short lease. `ticket`: the customer is not live. */
export const crossingMode = z.enum(["live-assist", "ticket"]);

export const severity = z.enum(["critical", "major", "minor"]);
export const channel = z.enum(["phone", "chat", "mail", "web", "store", "sms", "social", "other"]);

/**
 * The content of a contact. `still-broken` and `works` are the customer's verdict on the fix. A person gives an `answer`. An
 * `auto-reply` or a link to an `article` does not count as an answer.
 */
export const contactContent = z.enum(["inquiry", "still-broken", "works", "answer", "auto-reply", "article"]);

/** The kind of a case in which a person asks something, for example a would-be customer. */
export const inquiryKind = "inquiry";

/** Marks a case that a canary opened. The case is a probe of a door, so reports can leave it out. */
export const canaryMark = z.strictObject({ canaryId: z.string(), door: z.enum(["rest", "mail"]) });

/**
 * The scopes of API keys. `read` allows every read, and `cases` allows commands on cases and hand-offs. `setup` allows commands on
 * everything that a company sets up, for example lines and rosters. `rosters` is the part of `setup` that a duty manager needs. `keys`
 * allows everything about API keys, sessions and sign-in links. `log` allows reads of the action log.
 */
export const keyScopes = ["read", "cases", "setup", "rosters", "keys", "log"] as const;
export const keyScope = z.enum(keyScopes);
export type KeyScope = z.infer<typeof keyScope>;

/**
 * The roles of people. A carrier has reps and leads, a vendor has agents and desk leads, and the operator has operators. Each company
 * can have duty managers and auditors.
 */
export const personRoles = ["rep", "lead", "vendor-agent", "desk-lead", "duty-manager", "operator", "auditor"] as const;
export const personRole = z.enum(personRoles);
export type PersonRole = z.infer<typeof personRole>;

/** The statuses of TMF621, and in addition `reopened` and `assessingCancellation` from MEF 124. */
export const caseStatus = z.enum([
  "acknowledged",
  "inProgress",
  "pending",
  "held",
  "resolved",
  "closed",
  "rejected",
  "cancelled",
  "reopened",
  "assessingCancellation",
]);

/** The reasons for a pause. Every pause has exactly one reason. */
export const pauseCode = z.enum([
  "customer-to-answer",
  "customer-unavailable",
  "vendor-to-answer",
  "carrier-to-answer",
  "parts-on-order",
  "visit-scheduled",
  "change-window",
  "other",
]);

/** The reasons for a reopening. */
export const reopenCode = z.enum(["still-broken", "came-back", "wrong-fix", "not-delivered", "never-asked", "other"]);

/** The audience of an entry: the author's company, the companies of the case, or these companies and the customer. */
export const audience = z.enum(["internal", "partners", "customer"]);

/**
 * The actor of an event. Only a person of the holder makes progress. A program never restarts a clock that waits for a person.
 */
export const actor = z
  .strictObject({
    party: partyId,
    person: z
      .string()
      .max(64)
      .optional()
      .meta({ description: "The company's own id of the person, which is not a name" }),
    automated: z.boolean().default(false),
    proven: z.literal(true).optional().meta({
      description:
        "Present if the person had signed in. Otherwise the company named the person in a request with an API key",
    }),
  })
  .meta({ examples: [{ party: "northtel", person: "rep-7", automated: false }] });

/**
 * Personal data of the customer. Events and entries have personal data of the customer only in this block, so that the block
 * can be encrypted per subject and erased.
 */
export const subject = z.strictObject({
  name: z.string().max(200).optional(),
  phone: z.string().max(40).optional(),
  email: z.string().max(254).optional(),
  msisdn: z.string().max(20).optional(),
  imei: z.string().max(20).optional(),
  esn: z.string().max(20).optional(),
  iccid: z.string().max(24).optional(),
  customerId: z.string().max(64).optional(),
});

export const device = z
  .strictObject({
    vendor: partyId.optional(),
    model: z.string().max(100).optional(),
    os: z.string().max(60).optional(),
  })
  .meta({ examples: [{ vendor: "orchard", model: "Handheld 8700", os: "4.2" }] });

/** A reference to a published line by its owner, name and version. The owner of the built-in line is `builtin`. */
export const lineRef = z
  .strictObject({ carrier: partyId, name: slug, version: z.int().min(1) })
  .meta({ examples: [{ carrier: "northtel", name: "handheld-consumer", version: 1 }] });

/** The name and the contact of a person of a company. An event contains the name and the contact only in its `subject`. */
export const engineer = z
  .strictObject({ name: z.string().min(1).max(200), contact: z.string().min(1).max(254) })
  .meta({ examples: [{ name: "Ada Lovett", contact: "ada.lovett@orchard.example" }] });

const parametersMax = 50;

/** A tried step. Two steps with the same name, device and parameters are the same step. */
export const triedStep = z
  .strictObject({
    name: slug,
    parameters: z
      .record(z.string().max(64), z.string().max(200))
      // Without this limit, an entry could be as large as a request body. A result page of a hundred entries of this size
      // exhausted the memory of the process.
      .refine((all) => Object.keys(all).length <= parametersMax, `must have at most ${parametersMax} parameters`)
      .default({}),
    outcome: z.enum(["worked", "partly", "failed", "not-possible"]),
  })
  .meta({ examples: [{ name: "restart", parameters: {}, outcome: "failed" }] });

/** A fact, for example `{ name: "os-version", value: "4.2" }`. */
export const fact = z
  .strictObject({ name: slug, value: z.string().min(1).max(1000) })
  .meta({ examples: [{ name: "os-version", value: "4.2" }] });

export const instant = isoInstant;

export type Actor = z.infer<typeof actor>;
export type Subject = z.infer<typeof subject>;
export type Device = z.infer<typeof device>;
export type CrossingMode = z.infer<typeof crossingMode>;
export type Severity = z.infer<typeof severity>;
export type ContactContent = z.infer<typeof contactContent>;
export type Channel = z.infer<typeof channel>;
export type CaseStatus = z.infer<typeof caseStatus>;
export type LineRef = z.infer<typeof lineRef>;
export type TriedStep = z.infer<typeof triedStep>;
export type Fact = z.infer<typeof fact>;
export type Engineer = z.infer<typeof engineer>;
export type PauseCode = z.infer<typeof pauseCode>;
export type ReopenCode = z.infer<typeof reopenCode>;
