import { z } from "zod";
import { handoffEvents } from "./handoff.ts";
import { partyId } from "./vocabulary.ts";

/** The events that notification publishes on `crossline.page.v1`, for the wall timeline only. The record key is the case id. */
export const pageEvents = {
  /**
   * A page reached no person. For each contact method, notification abandoned the delivery, or this installation cannot use the
   * method. Notification publishes the event once per page.
   */
  "page.unreachable": z.object({
    pageId: z.string(),
    party: partyId.meta({ description: "The party that owns the roster" }),
    reason: handoffEvents["roster.paged"].shape.reason,
    addresses: z.int().meta({ description: "The number of addresses of the page" }),
  }),
} as const;

/** The events that notification publishes on `crossline.dialling.v1` when it starts with changed settings. */
export const diallingEvents = {
  /** The record key is `installation`. */
  "dialling.configured": z.object({
    mail: z.boolean().meta({ description: "True if this installation sends mail, because `SMTP_URL` is set" }),
    privateAddresses: z
      .enum(["refuse", "allow"])
      .meta({ description: "`allow` if this installation sends to loopback, private and link-local addresses" }),
  }),
} as const;
