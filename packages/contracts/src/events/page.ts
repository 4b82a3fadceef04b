import { z } from "zod";
import { handoffEvents } from "./handoff.ts";
import { partyId } from "./vocabulary.ts";

/** The events of `crossline.page.v1`, which notification publishes on the wall timeline only. The key is the case id. */
export const pageEvents = {
  /**
   * A page reached no person: notification abandoned every contact method, or this installation cannot use it. The event comes
   * once per page.
   */
  "page.unreachable": z.object({
    pageId: z.string(),
    party: partyId.meta({ description: "The party that owns the roster" }),
    reason: handoffEvents["roster.paged"].shape.reason,
    addresses: z.int().meta({ description: "How many addresses the page had" }),
  }),
} as const;

/** The events of `crossline.dialling.v1`, which notification publishes if it starts with other settings than before. */
export const diallingEvents = {
  /** The key is `installation`. */
  "dialling.configured": z.object({
    mail: z.boolean().meta({ description: "Whether this installation sends mail: `SMTP_URL` is set" }),
    privateAddresses: z
      .enum(["refuse", "allow"])
      .meta({ description: "Whether this installation sends to loopback, private and link-local addresses" }),
  }),
} as const;
