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

/**
 * The events that notification publishes on `crossline.notification.v1` at the end of a delivery. The record key is the case
 * id.
 */
export const notificationEvents = {
  "notification.delivered": delivery,
  /** Notification has stopped retrying. */
  "notification.abandoned": delivery,
  /**
   * The reason for the page was gone before notification sent the page. The case was taken, resolved or closed, or the
   * obligation was met or paused.
   */
  "notification.overtaken": delivery,
  /** The delivery is on a stepped timeline. Notification records the delivery and never sends it. */
  "notification.recorded": delivery,
} as const;
