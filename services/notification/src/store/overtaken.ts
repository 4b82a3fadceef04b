import type { Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";
import { headColumns } from "./delivery.ts";
import type { EndedDelivery } from "./outcome.ts";

/**
 * Ends these deliveries, and the pages that they carry, as overtaken. Skips deliveries that no longer wait, and returns the
 * ended deliveries.
 */
export async function endOvertaken(tx: Tx, ids: readonly string[], now: Instant): Promise<EndedDelivery[]> {
  return tx.query({
    name: "notification.end-overtaken",
    text: `
      -- notification.end-overtaken
      with locked as (
        select delivery_id from delivery where delivery_id = any($1::text[]) or goes_with = any($1::text[]) order by delivery_id for update
      )
      update delivery set state = 'overtaken', due_at = null, ended_at = $2::timestamptz
      from locked where delivery.delivery_id = locked.delivery_id and state = 'waiting'
      returning ${headColumns}, attempts, last_status as status`,
    values: [ids, toSql(now)],
  });
}
