import { z } from "zod";
import { caseEvents } from "../events/case.ts";
import { changeEvents } from "../events/change.ts";
import { clockEvents } from "../events/clock.ts";
import { handoffEvents } from "../events/handoff.ts";
import { problemEvents } from "../events/problem.ts";
import { mailAddress } from "../roster.ts";
import { caseId, partyId, timelineId } from "../events/vocabulary.ts";
import { isoInstant, parseDuration } from "../time.ts";
import { prose } from "./parts.ts";

/**
 * The types that only services read: events about timelines, imported rows and renewed leases. A desk renews each of its leases
 * about once a minute.
 */
const unsentTypes = new Set(["timeline.marked", "timeline.removed", "case.recorded", "handoff.renewed"]);

/** The types to which a company can subscribe: the events about a case, about announced changes and about problems. */
export const webhookEventType = z
  .enum(
    [caseEvents, clockEvents, handoffEvents, changeEvents, problemEvents].flatMap((events) => Object.keys(events)) as [
      string,
      ...string[],
    ],
  )
  .refine((type) => !unsentTypes.has(type), "is an internal event type and cannot be subscribed to");

export const subscriptionRequest = z
  .strictObject({
    url: z
      .string()
      .max(2000)
      .optional()
      .meta({ description: "The webhook address: http or https, on the public internet" }),
    mail: mailAddress.optional().meta({
      description:
        "The mail address, instead of `url`. Notification sends one mail for each event, and the mails about a case form one thread",
    }),
    events: z
      .array(webhookEventType)
      .min(1)
      .max(50)
      .optional()
      .meta({ description: "Event types such as `clock.breached`. Default: all types that you may read" }),
    timeline: timelineId.default("wall").meta({
      description:
        "Events of a stepped timeline go only to subscriptions of that timeline. Events of an import are not sent",
    }),
    description: prose(200).optional(),
  })
  .superRefine(({ url, mail }, context) => {
    if ((url === undefined) === (mail === undefined))
      context.addIssue({ code: "custom", path: ["url"], message: "exactly one of `url` and `mail` is required" });
  })
  .meta({ id: "Subscribe", examples: [{ url: "https://crm.northtel.example/hooks", events: ["clock.breached"] }] });

export const subscription = z
  .object({
    subscriptionId: z.string().meta({ examples: ["sub_01jnrfe9h1k3n5p7r9s1t3v5w7"] }),
    url: z.string().optional(),
    mail: z.string().optional(),
    events: z
      .array(z.string())
      .optional()
      .meta({ description: "Absent if the subscription is for all types that you may read" }),
    timeline: timelineId,
    description: z.string().optional(),
    createdAt: isoInstant,
    formerSecretUntil: isoInstant.optional().meta({
      description: "Until this instant, every webhook has a second signature with the former secret",
    }),
    disabledAt: isoInstant.optional().meta({
      description:
        "The instant at which the receiver responded with 410 Gone. Notification then stopped this subscription",
    }),
  })
  .meta({ id: "Subscription" });

export const createdSubscription = subscription
  .extend({
    secret: z.string().optional().meta({
      description:
        "The secret that signs every webhook (Standard Webhooks). Only this response contains the secret. A mail subscription has no secret",
    }),
  })
  .meta({ id: "CreatedSubscription" });

export const subscriptionParams = z.strictObject({ id: z.string().max(64) });
export const subscriptionList = z.object({ items: z.array(subscription) }).meta({ id: "SubscriptionList" });

const formerSecretUntil = isoInstant.optional().meta({
  description:
    "Until this instant, every webhook has a second signature with the former secret. Absent if only one secret is valid",
});

export const lastResortSecret = z
  .object({
    secret: z.string().meta({
      description:
        "The secret that signs webhooks (Standard Webhooks) for pages of your rosters and for calls of the last resort of your lines",
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
      .meta({
        description:
          "How long webhooks also have a signature with the former secret. `PT0S` ends the former secret at once",
      }),
  })
  .prefault({})
  .meta({ id: "RenewSecret", examples: [{ formerFor: "PT24H" }] });

/** A new secret. Only this response contains the secret of a subscription. */
export const renewedSecret = z
  .object({
    secret: z.string().meta({
      description: "The secret that signs every webhook from now on (Standard Webhooks)",
      examples: ["whsec_…"],
    }),
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
  party: partyId
    .optional()
    .meta({ description: "The company of the deliveries. Only the operator can read deliveries of several companies" }),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(64).optional().meta({ description: "`next` of the previous result page" }),
});

export const deliveryParams = z.strictObject({ id: z.string().max(64) });

/** One event or page for one receiver, with its state and attempts. */
export const delivery = z
  .object({
    deliveryId: z.string().meta({ examples: ["del_01jnrff0j2m4p6r8s0t2v4w6x8"] }),
    party: partyId.meta({ description: "The company to which the delivery belongs" }),
    subscriptionId: z.string().optional().meta({ description: "Absent for a call of the last resort, and for a page" }),
    caseId: caseId.optional().meta({ description: "Absent for a ring test, and for an event about no case" }),
    ringTestId: z.string().optional().meta({ description: "The ring test of a roster, which belongs to no case" }),
    timeline: timelineId,
    eventId: z.string().meta({
      description: "The `webhook-id` header, which is the same at every attempt",
      examples: ["ev_01jnrfg1k3n5q7s9t1v3w5x7y9"],
    }),
    bundle: z.string().optional().meta({
      description:
        "The id of the page bundle, if the delivery is a page. If the bundle has several pages, the `webhook-id` header has this id",
    }),
    eventType: z.string().meta({ examples: ["clock.breached"] }),
    url: z.string().meta({
      description:
        "A webhook's address, or `mailto:` and a mail address. The operator reads only the scheme and the host of a webhook, and no mail address",
      examples: ["https://crm.northtel.example/hooks"],
    }),
    state: deliveryState.meta({
      description:
        "`recorded`: the delivery is on a stepped timeline and is never sent. `cancelled`: the subscription of the delivery was deleted. `overtaken`: the reason for the page was gone before an attempt",
    }),
    createdAt: isoInstant,
    nextAttemptAt: isoInstant.optional(),
    endedAt: isoInstant.optional(),
    attempts: z.array(
      z.object({
        number: z.int(),
        at: isoInstant,
        durationMs: z.int(),
        status: z
          .int()
          .optional()
          .meta({ description: "The HTTP status of the receiver, or the status of the mail server" }),
        error: z.string().optional().meta({ description: "The reason why the receiver did not respond" }),
      }),
    ),
  })
  .meta({ id: "Delivery" });

export const deliveryResultPage = z
  .object({
    items: z.array(delivery).meta({ description: "The newest first" }),
    next: z.string().optional().meta({ description: "Present if another result page follows" }),
  })
  .meta({ id: "DeliveryPage" });

export type SubscriptionRequest = z.infer<typeof subscriptionRequest>;
export type Subscription = z.infer<typeof subscription>;
export type Delivery = z.infer<typeof delivery>;
export type DeliveryState = z.infer<typeof deliveryState>;
