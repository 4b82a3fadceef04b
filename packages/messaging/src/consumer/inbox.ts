import assert from "node:assert/strict";
import type { Cause } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { TopicPartition } from "../broker.ts";
import type { KeyHead } from "../confirmation.ts";
import type { Arrival, UnreadableRecord } from "./arrival.ts";
import type { HeldRecord, KeyState } from "./plan.ts";

// The statements of a consumer's transactions. Callers send related statements together, in one round trip.

/** A row of inbox_offset: the position and the owner of a partition. */
export type OffsetRow = TopicPartition & { readonly nextOffset: number | null; readonly owner: string };

/**
 * Locks the rows of partitions, in order, until this transaction ends. The locks of these rows do not block `fence`.
 */
export function lockPartitions(tx: Tx, partitions: readonly number[]): Promise<OffsetRow[]> {
  return tx.query<OffsetRow>({
    name: "inbox.lock-partitions",
    text: `
      -- inbox.lock-partitions
      select topic, partition, next_offset as "nextOffset", owner from inbox_offset
      where partition = any($1::integer[]) order by partition, topic for no key update`,
    values: [partitions],
  });
}

/** Saves positions. */
export async function saveOffsets(
  tx: Tx,
  offsets: readonly (TopicPartition & { readonly nextOffset: number })[],
): Promise<void> {
  await tx.query({
    name: "inbox.save-offsets",
    text: `
      -- inbox.save-offsets
      update inbox_offset o set next_offset = n.next_offset
      from unnest($1::integer[], $2::text[], $3::bigint[]) as n (partition, topic, next_offset)
      where o.partition = n.partition and o.topic = n.topic`,
    values: [offsets.map((o) => o.partition), offsets.map((o) => o.topic), offsets.map((o) => o.nextOffset)],
  });
}

/** Returns the stored states of these keys, without the keys that have no row. */
export async function loadKeyStates(tx: Tx, topicKeys: readonly Pick<Cause, "topic" | "key">[]): Promise<KeyState[]> {
  const rows = await tx.query<{ number: number; seen: number; applied: number; place: string }>({
    name: "inbox.load-key-states",
    // `offset 0` forces one index lookup per key: for 2,000 keys the planner prefers to read the whole table.
    text: `
      -- inbox.load-key-states
      select wanted.number::integer, s.* from unnest($1::text[], $2::text[]) with ordinality as wanted (topic, key, number)
      cross join lateral (
        select seen, applied, ctid as place from inbox_sequence
        where topic = wanted.topic and key = wanted.key offset 0
      ) as s`,
    values: [topicKeys.map(({ topic }) => topic), topicKeys.map(({ key }) => key)],
  });
  return rows.map(({ number, ...keyState }) => ({ ...(topicKeys[number - 1] as KeyState), ...keyState }));
}

/** Saves the states of keys. The transaction locked the partitions of these keys before it loaded the states. */
export async function saveKeyStates(tx: Tx, keyStates: readonly KeyState[]): Promise<void> {
  const stored = keyStates.filter(({ place }) => place !== undefined);
  const fresh = keyStates.filter(({ place }) => place === undefined);
  await Promise.all([stored.length > 0 && updateKeyStates(tx, stored), fresh.length > 0 && insertKeyStates(tx, fresh)]);
}

async function updateKeyStates(tx: Tx, keyStates: readonly KeyState[]): Promise<void> {
  const [row] = await tx.query<{ updated: number }>({
    name: "inbox.update-key-states",
    // The statement updates the rows by ctid, which cannot change under the lock. An upsert would repeat the index
    // lookup and first lock the row, which costs two records of PostgreSQL's log.
    text: `
      -- inbox.update-key-states
      with updated as (
        update inbox_sequence set seen = n.seen, applied = n.applied
        from unnest(string_to_array($1, E'\\n')::tid[], $2::bigint[], $3::bigint[]) as n (place, seen, applied)
        where inbox_sequence.ctid = n.place returning 1
      )
      select count(*)::integer as updated from updated`,
    values: [
      keyStates.map(({ place }) => place).join("\n"),
      keyStates.map(({ seen }) => seen),
      keyStates.map(({ applied }) => applied),
    ],
  });
  assert.equal(row?.updated, keyStates.length, "the stored state of a key was changed by another transaction");
}

async function insertKeyStates(tx: Tx, keyStates: readonly KeyState[]): Promise<void> {
  await tx.query({
    name: "inbox.insert-key-states",
    text: `
      -- inbox.insert-key-states
      insert into inbox_sequence (topic, key, seen, applied)
      select * from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[])`,
    values: [
      keyStates.map(({ topic }) => topic),
      keyStates.map(({ key }) => key),
      keyStates.map(({ seen }) => seen),
      keyStates.map(({ applied }) => applied),
    ],
  });
}

/** A topic and key with waiting rows. `upTo` is the last sequence among these rows. */
export type WaitingKey = {
  readonly topic: string;
  readonly key: string;
  readonly parked: boolean;
  readonly upTo: number;
};

/** Returns, by topic, the given keys that have waiting rows. */
export function loadWaiting(tx: Tx, keys: readonly string[]): Promise<WaitingKey[]> {
  return tx.query<WaitingKey>({
    name: "inbox.load-waiting",
    text: `
      -- inbox.load-waiting
      select topic, key, wait_topic is null as parked, max(sequence) as "upTo" from inbox_waiting
      where key = any($1::text[]) group by 1, 2, 3`,
    values: [keys],
  });
}

/** A row of inbox_waiting. */
export type WaitingRow = {
  readonly id: number;
  readonly partition: number;
  readonly topic: string;
  readonly key: string;
  readonly sequence: number;
  readonly timeline: string;
  readonly headers: string;
  readonly body: string | null;
};

/**
 * Returns held rows of these partitions whose cause is applied, and the later rows of the same keys, oldest first. If
 * `applied` contains states that are not saved yet, only these states decide which causes are applied. Without
 * `applied`, the stored states decide. Omits the rows in `inHand`.
 */
export function loadReleased(
  tx: Tx,
  partitions: readonly number[],
  limit: number,
  { applied, inHand = [] }: { readonly applied?: readonly KeyState[]; readonly inHand?: readonly number[] } = {},
): Promise<WaitingRow[]> {
  const released =
    applied === undefined
      ? "inbox_sequence"
      : "unnest($4::text[], $5::text[], $6::bigint[]) as inbox_sequence (topic, key, applied)";
  const name = applied === undefined ? "inbox.load-released" : "inbox.load-released-now";
  return tx.query<WaitingRow>({
    name,
    text: `
      -- ${name}
      with head as (
        select distinct w.topic, w.key from inbox_waiting w
        join ${released} on inbox_sequence.topic = w.wait_topic and inbox_sequence.key = w.wait_key
          and inbox_sequence.applied >= w.wait_sequence
        where w.partition = any($1::integer[]) and w.wait_topic is not null and w.id <> all($3::bigint[])
      )
      select id, partition, topic, key, sequence, timeline, headers, body from inbox_waiting join head using (topic, key)
      where wait_topic is not null and id <> all($3::bigint[]) order by id limit $2`,
    values: [
      partitions,
      limit,
      inHand,
      ...(applied === undefined
        ? []
        : [applied.map(({ topic }) => topic), applied.map(({ key }) => key), applied.map((s) => s.applied)]),
    ],
  });
}

/**
 * Returns up to 1,000 unread causes for which rows of the same key have waited for `heldMs`. Omits rows that wait for
 * the previous record of their topic and key, because the consumer has read that record.
 */
export function loadMissingCauses(
  tx: Tx,
  partitions: readonly number[],
  topics: readonly string[],
  heldMs: number,
): Promise<(TopicPartition & KeyHead)[]> {
  return tx.query({
    text: `
      -- inbox.load-unread
      select partition, wait_topic as topic, wait_key as key, max(wait_sequence) as sequence, min(timeline) as timeline
      from inbox_waiting w
      where partition = any($1::integer[]) and wait_topic = any($2::text[]) and wait_key = key
        and held_at < clock_timestamp() - make_interval(secs => $3::float8 / 1000)
        and not exists (
          select from inbox_sequence s where s.topic = w.wait_topic and s.key = w.wait_key and s.seen >= w.wait_sequence
        )
      group by 1, 2, 3 order by key, topic limit 1000`,
    values: [partitions, topics, heldMs],
  });
}

/** Returns true if these partitions have held rows. */
export async function holdsAny(tx: Tx, partitions: readonly number[]): Promise<boolean> {
  const [row] = await tx.query<{ held: boolean }>({
    name: "inbox.holds-any",
    text: `
      -- inbox.holds-any
      select exists (
        select from inbox_waiting where wait_topic is not null and partition = any($1::integer[])
      ) as held`,
    values: [partitions],
  });
  return row?.held ?? true;
}

/** Saves records that wait: held records for their causes, and parked records for a retry. */
export async function insertWaiting(tx: Tx, held: readonly HeldRecord[], parked: readonly Arrival[]): Promise<void> {
  const rows = [...held.map(({ arrival, wait }) => ({ arrival, wait })), ...parked.map((arrival) => ({ arrival }))];
  const column = (pick: (row: { arrival: Arrival; wait?: Cause }) => unknown) => rows.map(pick);
  await tx.query({
    name: "inbox.insert-waiting",
    text: `
      -- inbox.insert-waiting
      insert into inbox_waiting
        (partition, topic, key, sequence, timeline, headers, body, wait_topic, wait_key, wait_sequence)
      select * from unnest($1::integer[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::bigint[])`,
    values: [
      column(({ arrival }) => arrival.envelope.partition),
      column(({ arrival }) => arrival.envelope.topic),
      column(({ arrival }) => arrival.envelope.key),
      column(({ arrival }) => arrival.envelope.sequence),
      column(({ arrival }) => arrival.envelope.timeline),
      column(({ arrival }) => storable(JSON.stringify(arrival.record.headers))),
      column(({ arrival }) => storable(arrival.record.value)),
      column(({ wait }) => wait?.topic ?? null),
      column(({ wait }) => wait?.key ?? null),
      column(({ wait }) => wait?.sequence ?? null),
    ],
  });
}

/** Saves new causes for rows that could not be released. */
export async function updateWaits(tx: Tx, held: readonly HeldRecord[]): Promise<void> {
  await tx.query({
    name: "inbox.update-waits",
    text: `
      -- inbox.update-waits
      update inbox_waiting w
      set wait_topic = n.topic, wait_key = n.key, wait_sequence = n.sequence, reason = null, replay_requested_at = null
      from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[]) as n (id, topic, key, sequence)
      where w.id = n.id`,
    values: [
      held.map(({ arrival }) => arrival.waitingId),
      held.map(({ wait }) => wait.topic),
      held.map(({ wait }) => wait.key),
      held.map(({ wait }) => wait.sequence),
    ],
  });
}

/** Deletes rows whose records are applied. */
export async function deleteWaiting(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "inbox.delete-waiting",
    text: `
      -- inbox.delete-waiting
      delete from inbox_waiting where id = any($1::bigint[])`,
    values: [ids],
  });
}

/** Saves invalid records as dead letters. */
export async function insertDeadLetters(tx: Tx, unreadable: readonly UnreadableRecord[]): Promise<void> {
  const column = (pick: (record: UnreadableRecord) => unknown) => unreadable.map(pick);
  await tx.query({
    name: "dead-letter.insert",
    text: `
      -- dead-letter.insert
      insert into dead_letter (direction, topic, partition, record_offset, key, timeline, headers, body, reason)
      select 'in', * from unnest($1::text[], $2::integer[], $3::bigint[], $4::text[], $5::text[], $6::text[],
        $7::text[], $8::text[])`,
    values: [
      column(({ record }) => record.topic),
      column(({ record }) => record.partition),
      column(({ record }) => record.offset),
      column(({ record }) => storable(record.key)),
      column(({ timeline }) => timeline ?? null),
      column(({ record }) => storable(JSON.stringify(record.headers))),
      column(({ record }) => storable(record.value)),
      column(({ fault }) => fault),
    ],
  });
}

/** Replaces NUL, which Postgres refuses, by U+0001. JSON does not allow U+0001 either, so the record stays invalid. */
function storable(text: string | undefined): string | null {
  return text?.replaceAll("\0", "\u0001") ?? null;
}
