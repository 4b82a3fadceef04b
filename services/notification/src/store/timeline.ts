import type { Tx } from "@crossline/postgres";

/** Adds timelines that notification has read. */
export async function saveTimelines(tx: Tx, timelines: readonly string[]): Promise<void> {
  if (timelines.length === 0) return;
  await tx.query({
    name: "notification.save-timelines",
    text: `
      -- notification.save-timelines
      insert into timeline (id) select distinct id from unnest($1::text[]) as marked (id) order by id
      on conflict (id) do nothing`,
    values: [timelines],
  });
}

/** Finds a timeline whose first mark notification has read. */
export async function findTimeline(tx: Tx, id: string): Promise<{ readonly id: string } | undefined> {
  const [row] = await tx.query<{ id: string }>({
    text: `
      -- notification.find-timeline
      select id from timeline where id = $1`,
    values: [id],
  });
  return row;
}
