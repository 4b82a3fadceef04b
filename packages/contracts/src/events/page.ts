import { z } from "zod";
import { handoffEvents } from "./handoff.ts";
import { partyId } from "./vocabulary.ts";

/** The facts of `crossline.page.v1`, keyed by case, published by notification. On the wall only. */
export const pageEvents = {
  /** Each way to each person of a page was given up, or cannot be dialled here. Once for each page. */
  "page.unreachable": z.object({
    pageId: z.string(),
    party: partyId.meta({ description: "The party that owns the roster" }),
    reason: handoffEvents["roster.paged"].shape.reason,
    addresses: z.int().meta({ description: "How many addresses the page had" }),
  }),
} as const;

/** The facts of `crossline.dialling.v1`, published by notification when it starts with other settings than before. */
export const diallingEvents = {
  /** Keyed `installation`. */
  "dialling.configured": z.object({
    mail: z.boolean().meta({ description: "Whether this installation sends mail: `SMTP_URL` is set" }),
    privateAddresses: z
      .enum(["refuse", "allow"])
      .meta({ description: "Whether this installation sends to loopback, private and link-local addresses" }),
  }),
} as const;
