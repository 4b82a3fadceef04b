import { z } from "zod";
import { caseEvents } from "../events/case.ts";
import { clockEvents } from "../events/clock.ts";
import { handoffEvents } from "../events/handoff.ts";
import { mailAddress } from "../roster.ts";
import { caseId, timelineId } from "../events/vocabulary.ts";
import { isoInstant, parseDuration } from "../time.ts";
import { prose } from "./parts.ts";

/** Events about timelines, imported rows and renewed leases, one a minute while a desk works, are for the services only. */
const unsentTypes = new Set(["timeline.marked", "timeline.removed", "case.recorded", "handoff.renewed"]);

/** The types that can be subscribed to: the facts about a case. */
export const webhookEventType = z
  .enum([...Object.keys(caseEvents), ...Object.keys(clockEvents), ...Object.keys(handoffEvents)] as [
    string,
    ...string[],
  ])
  .refine((type) => !unsentTypes.has(type), "is not sent to anybody");

export const subscriptionRequest = z
  .strictObject({
    url: z
      .string()
      .max(2000)
      .optional()
      .meta({ description: "Where to POST to: http or https, on the public internet" }),
    mail: mailAddress
      .optional()
      .meta({ description: "Or where to write to: a mail for every fact, a thread for every case" }),
    events: z
      .array(webhookEventType)
      .min(1)
      .max(50)
      .optional()
      .meta({ description: "Event types such as `clock.breached`; left out: all that you may see" }),
    timeline: timelineId
      .default("wall")
      .meta({ description: "A stepped timeline is heard of only by a subscription to it; an import by none" }),
    description: prose(200).optional(),
  })
  .superRefine(({ url, mail }, context) => {
    if ((url === undefined) === (mail === undefined))
      context.addIssue({ code: "custom", path: ["url"], message: "is needed, or `mail`: one of the two" });
  })
  .meta({ id: "Subscribe", examples: [{ url: "https://crm.northtel.example/hooks", events: ["clock.breached"] }] });

export const subscription = z
  .object({
    subscriptionId: z.string().meta({ examples: ["sub_01jnrfe9h1k3n5p7r9s1t3v5w7"] }),
    url: z.string().optional(),
    mail: z.string().optional(),
    events: z.array(z.string()).optional().meta({ description: "Left out: all that you may see" }),
    timeline: timelineId,
    description: z.string().optional(),
    createdAt: isoInstant,
    formerSecretUntil: isoInstant.optional().meta({
      description: "Until then every webhook carries a second signature, by the former secret",
    }),
    disabledAt: isoInstant.optional().meta({ description: "Since the receiver has answered 410 Gone" }),
  })
  .meta({ id: "Subscription" });

export const createdSubscription = subscription
  .extend({
    secret: z
      .string()
      .optional()
      .meta({ description: "Signs every webhook (Standard Webhooks); shown only now. A mail has none" }),
  })
  .meta({ id: "CreatedSubscription" });

export const subscriptionParams = z.strictObject({ id: z.string().max(64) });
export const subscriptionList = z.object({ items: z.array(subscription) }).meta({ id: "SubscriptionList" });

const formerSecretUntil = isoInstant.optional().meta({
  description: "Until then every webhook carries a second signature, by the former secret; left out: only one is valid",
});

export const lastResortSecret = z
  .object({
    secret: z.string().meta({
      description:
        "Signs the calls of your lines' last resort, and the pages of your rosters by webhook (Standard Webhooks)",
      examples: ["whsec_…"],
    }),
    formerSecretUntil,
  })
  .meta({ id: "LastResortSecret" });

export const renewSecretRequest = z
  .strictObject({
    formerFor: z
      .string()
      .refine(isFormerSecretPeriod, "must be an ISO 8601 duration such as PT24H, up to P30D")
      .default("PT24H")
      .meta({ description: "For how long messages carry the former secret's signature too; `PT0S` ends it at once" }),
  })
  .prefault({})
  .meta({ id: "RenewSecret", examples: [{ formerFor: "PT24H" }] });

/** A new secret; of a subscription it is shown here alone. */
export const renewedSecret = z
  .object({
    secret: z
      .string()
      .meta({ description: "Signs every webhook from now on (Standard Webhooks)", examples: ["whsec_…"] }),
    formerSecretUntil,
  })
  .meta({ id: "RenewedSecret" });

function isFormerSecretPeriod(text: string): boolean {
  try {
    const ms = parseDuration(text);
    return ms >= 0 && ms <= 30 * 86_400_000;
  } catch {
    return false;
  }
}

const deliveryState = z.enum(["waiting", "delivered", "abandoned", "recorded", "cancelled", "overtaken"]);

export const deliveryListQuery = z.strictObject({
  case: caseId.optional(),
  subscription: z.string().max(64).optional(),
  state: deliveryState.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(64).optional().meta({ description: "`next` of the page before" }),
});

export const deliveryParams = z.strictObject({ id: z.string().max(64) });

/** One event for one receiver, and what became of it. */
export const delivery = z
  .object({
    deliveryId: z.string().meta({ examples: ["del_01jnrff0j2m4p6r8s0t2v4w6x8"] }),
    subscriptionId: z
      .string()
      .optional()
      .meta({ description: "Left out for a call of the last resort, and for a page" }),
    caseId: caseId.optional().meta({ description: "Left out for a ring test" }),
    ringTestId: z.string().optional().meta({ description: "Of a ring test of a roster: it is of no case" }),
    timeline: timelineId,
    eventId: z
      .string()
      .meta({ description: "The webhook-id, the same at every attempt", examples: ["ev_01jnrfg1k3n5q7s9t1v3w5x7y9"] }),
    bundle: z
      .string()
      .optional()
      .meta({ description: "Of a page: the message that it goes with; the webhook-id where that has several pages" }),
    eventType: z.string().meta({ examples: ["clock.breached"] }),
    url: z.string().meta({
      description: "A webhook's address, or `mailto:` and a mail address",
      examples: ["https://crm.northtel.example/hooks"],
    }),
    state: deliveryState.meta({
      description:
        "`recorded`: on a stepped timeline, never dialled; `cancelled`: its subscription was deleted; `overtaken`: its reason was gone before it was sent",
    }),
    createdAt: isoInstant,
    nextAttemptAt: isoInstant.optional(),
    endedAt: isoInstant.optional(),
    attempts: z.array(
      z.object({
        number: z.int(),
        at: isoInstant,
        durationMs: z.int(),
        status: z.int().optional().meta({ description: "The receiver's HTTP status, or the mail server's" }),
        error: z.string().optional().meta({ description: "Where there was no answer: why" }),
      }),
    ),
  })
  .meta({ id: "Delivery" });

export const deliveryResultPage = z
  .object({
    items: z.array(delivery).meta({ description: "The newest first" }),
    next: z.string().optional().meta({ description: "There while more follow" }),
  })
  .meta({ id: "DeliveryPage" });

export type SubscriptionRequest = z.infer<typeof subscriptionRequest>;
export type Subscription = z.infer<typeof subscription>;
export type Delivery = z.infer<typeof delivery>;
export type DeliveryState = z.infer<typeof deliveryState>;
