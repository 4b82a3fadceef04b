import { type Cause, type ReceivedMessage, messageId, topics } from "@crossline/contracts";
import { joinWords, splitWords } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

const nouns: Readonly<Record<string, string>> = {
  [topics.case]: "case",
  [topics.handoff]: "handoff",
  [topics.clock]: "clock",
};
const topicOf: Readonly<Record<string, string>> = { case: topics.case, handoff: topics.handoff, clock: topics.clock };

/** Saves the records of a batch as facts, and their words in rows of their own. The inbox has removed duplicates. */
export async function insertFacts(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  if (events.length === 0) return;
  const parts = events.map(({ type, data }) => splitWords(type, data));
  await tx.query({
    name: "console.insert-facts",
    text: `
      -- console.insert-facts
      insert into fact (case_id, topic, sequence, type, at, causes, data)
      select case_id, topic, sequence, type, at, causes::jsonb, data::jsonb
      from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::timestamptz[], $6::text[], $7::text[])
        with ordinality as new (case_id, topic, sequence, type, at, causes, data, place) order by place
      on conflict do nothing`,
    values: [
      events.map(({ key }) => key),
      events.map(({ topic }) => nouns[topic]),
      events.map(({ sequence }) => sequence),
      events.map(({ type }) => type),
      events.map(({ time }) => toSql(time)),
      events.map(({ after }) => (after === undefined ? null : JSON.stringify(after))),
      parts.map(({ codes }) => JSON.stringify(codes)),
    ],
  });
  await insertWords(
    tx,
    events.flatMap((event, index) => {
      const words = parts[index]?.words;
      return words === undefined ? [] : [{ event, words }];
    }),
  );
}

async function insertWords(
  tx: Tx,
  rows: readonly { readonly event: ReceivedMessage; readonly words: unknown }[],
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "console.insert-words",
    text: `
      -- console.insert-words
      insert into fact_words (case_id, topic, sequence, words)
      select case_id, topic, sequence, words::jsonb
      from unnest($1::text[], $2::text[], $3::integer[], $4::text[]) as new (case_id, topic, sequence, words)
      order by 1, 2, 3
      on conflict do nothing`,
    values: [
      rows.map(({ event }) => event.key),
      rows.map(({ event }) => nouns[event.topic]),
      rows.map(({ event }) => event.sequence),
      rows.map(({ words }) => JSON.stringify(words)),
    ],
  });
}

type FactRow = {
  readonly caseId: string;
  readonly topic: string;
  readonly sequence: number;
  readonly type: string;
  readonly at: number;
  readonly timeline: string;
  readonly causes: readonly Cause[] | null;
  readonly data: unknown;
  readonly words: unknown;
};

/** Returns the sequence of the last event of a case on the case topic that the console has applied; 0 for an unknown case. */
export async function lastSequence(tx: Tx, caseId: string): Promise<number> {
  const [row] = await tx.query<{ sequence: number }>({
    name: "console.last-sequence",
    text: `
      -- console.last-sequence
      select coalesce(max(sequence), 0) as sequence from fact where case_id = $1 and topic = 'case'`,
    values: [caseId],
  });
  return row?.sequence ?? 0;
}

/**
 * Returns the facts of cases, with their words. The facts of each case are in the order in which the console applied them. `types` limits
 * the facts to these types.
 */
export async function readFacts(
  tx: Tx,
  caseIds: readonly string[],
  types?: readonly string[],
): Promise<ReceivedMessage[]> {
  const rows = await tx.query<FactRow>({
    name: "console.read-facts",
    text: `
      -- console.read-facts
      select case_id as "caseId", topic, sequence, type, at, timeline, causes, data, words
      from fact join board_case using (case_id) left join fact_words using (case_id, topic, sequence)
      where case_id = any($1::text[]) and ($2::text[] is null or type = any($2::text[]))
      order by case_id, position`,
    values: [caseIds, types ?? null],
  });
  return rows.map(({ caseId: key, topic: noun, sequence, type, at: time, timeline, causes, data, words }) => {
    const topic = topicOf[noun] ?? noun;
    return {
      topic,
      key,
      sequence,
      type,
      time,
      timeline,
      partition: 0, // No reader of a journal needs the partition.
      id: messageId({ topic, key, sequence }),
      ...(causes !== null && { after: causes }),
      data: joinWords({ codes: data, words }),
    };
  });
}
