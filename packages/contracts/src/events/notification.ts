import { z } from "zod";
import { partyId } from "./vocabulary.ts";

const delivery = z.object({
  deliveryId: z.string(),
  subscriptionId: z.string().optional(),
  party: partyId.optional(),
  eventId: z.string(),
  eventType: z.string(),
  attempts: z.int(),
  status: z.int().optional().meta({ description: "The receiver's last HTTP status" }),
});

/** The facts of `crossline.notification.v1`, keyed by case: what became of a delivery. */
export const notificationEvents = {
  "notification.delivered": delivery,
  /** Every retry was used up. */
  "notification.abandoned": delivery,
  /** Its reason was gone before it was sent: the case was taken, solved or closed, or what was owed is met or rests. */
  "notification.overtaken": delivery,
  /** A stepped timeline's address: written down, never dialled. */
  "notification.recorded": delivery,
} as const;
