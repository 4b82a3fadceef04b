import type { Tx } from "@crossline/postgres";

/** The numbers of records of a stepped timeline that a service has appended and applied, by topic. */
export type TimelineCounts = {
  /** Records that the relay has sent or will send. */
  readonly appended: Readonly<Record<string, number>>;
  /**
   * The numbers of applied records, parked records and dead letters, by topic. Parked records and dead letters do not
   * keep a timeline from being caught up.
   */
  readonly applied: Readonly<Record<string, number>>;
  /** Records that wait for a retry of their own case or of a case on which they depend. */
  readonly parked: number;
  /** Records that Kafka deleted before this service read them. If such records exist, the timeline is broken. */
  readonly lost: number;
  /** Records that this service could not parse, or that its relay could not send. */
  readonly dead: number;
};

type CountRow = {
  readonly kind: "count" | "parked" | "lost" | "in" | "out";
  topic: string;
  appended: number;
  applied: number;
};

const foldAbove = 500;

/**
 * Counts the records of a stepped timeline in one consistent snapshot. The wall timeline and imports have no counts.
 */
export async function countTimeline(tx: Tx, timeline: string): Promise<TimelineCounts> {
  const rows = await tx.query<CountRow & { parts: number }>({
    name: "timeline-count.read",
    text: `
      -- timeline-count.read
      select 'count' as kind, topic, sum(appended)::bigint as appended, sum(applied)::bigint as applied, count(*) as parts
      from timeline_count where timeline = $1 group by topic
      union all
      select 'parked', topic, 0, count(*), 0 from inbox_waiting w
      where timeline = $1 and (wait_topic is null or exists (
        select from inbox_waiting parked
        where parked.key = w.wait_key and parked.topic = w.wait_topic and parked.wait_topic is null
      )) group by topic
      union all
      select 'lost', topic, 0, sum(lost)::bigint, 0 from inbox_gap_mark where timeline = $1 and lost > 0 group by topic
      union all
      select direction, topic, 0, count(*), 0 from dead_letter where timeline = $1 group by direction, topic`,
    values: [timeline],
  });
  if (rows.some(({ parts }) => parts > foldAbove)) await fold(tx, timeline);
  const of = (...kinds: CountRow["kind"][]) => rows.filter(({ kind }) => kinds.includes(kind));
  const total = (some: CountRow[]) => some.reduce((sum, { applied }) => sum + applied, 0);
  return {
    appended: byTopic([
      ...of("count").map(({ topic, appended }) => ({ topic, count: appended })),
      // No consumer will ever receive these records, so `appended` must exclude them.
      ...of("out").map(({ topic, applied }) => ({ topic, count: -applied })),
    ]),
    applied: byTopic(of("count", "parked", "in").map(({ topic, applied }) => ({ topic, count: applied }))),
    parked: total(of("parked")),
    lost: total(of("lost")),
    dead: total(of("in", "out")),
  };
}

/**
 * Replaces the rows of a timeline by one row per topic, which contains their sum. Skips rows that another transaction
 * is folding.
 */
async function fold(tx: Tx, timeline: string): Promise<void> {
  await tx.query({
    text: `
      -- timeline-count.fold
      with part as (select ctid from timeline_count where timeline = $1 for update skip locked),
      folded as (
        delete from timeline_count where ctid = any(array(select ctid from part)) returning topic, appended, applied
      )
      insert into timeline_count (timeline, topic, appended, applied)
      select $1, topic, sum(appended), sum(applied) from folded group by topic`,
    values: [timeline],
  });
}

function byTopic(counted: readonly { readonly topic: string; readonly count: number }[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { topic, count } of counted) if (count !== 0) sums[topic] = (sums[topic] ?? 0) + count;
  return sums;
}
