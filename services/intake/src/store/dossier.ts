import type { EventData, Instant } from "@crossline/contracts";
import { type Tx, toSql } from "@crossline/postgres";

type DossierRow<T extends "case.contacted" | "entry.added"> = {
  readonly caseId: string;
  readonly number: number;
  readonly at: Instant;
  readonly data: EventData<T>;
};
/** A contact to insert. */
export type ContactRow = DossierRow<"case.contacted">;
/** An entry to insert. */
export type EntryRow = DossierRow<"entry.added"> & {
  /** The sequence of the event that added the entry. The sequences order the entries of all chains of a case. */
  readonly place: number;
  readonly digest: Buffer | undefined;
  /** If the entry is a tried step, its key in the ledger. */
  readonly stepKey: string | undefined;
};
/** The state of a handling after its start, a heartbeat or its end. */
export type HandlingChange = {
  readonly caseId: string;
  readonly number: number;
  readonly data: EventData<"handling.started">;
  /** Intake saves the start only if the handling is new. */
  readonly startedAt: Instant;
  readonly lastBeatAt: Instant;
  readonly endedAt: Instant | undefined;
};

export async function insertContacts(tx: Tx, rows: readonly ContactRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "contact.insert",
    text: `
      -- contact.insert
      insert into contact (case_id, number, id, at, author, channel, direction, content, subject)
      select * from unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::json[], $6::text[], $7::text[],
        $8::text[], $9::json[])`,
    values: [
      rows.map((row) => row.caseId),
      rows.map((row) => row.number),
      rows.map(({ data }) => data.contactId),
      rows.map(({ at }) => toSql(at)),
      rows.map(({ data }) => JSON.stringify(data.actor)),
      rows.map(({ data }) => data.channel),
      rows.map(({ data }) => data.direction),
      rows.map(({ data }) => data.content),
      rows.map(({ data }) => toJson(data.subject)),
    ],
  });
}

export async function insertEntries(tx: Tx, rows: readonly EntryRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query({
    name: "entry.insert",
    text: `
      -- entry.insert
      insert into entry (case_id, number, id, at, kind, audience, author_party, author, by, news, text, step, fact,
        subject, digest, previous, hash, attachment, repeats, step_key, words_of, chain, place)
      select * from unnest($1::text[], $2::integer[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
        $8::json[], $9::text[], $10::boolean[], $11::text[], $12::json[], $13::json[], $14::json[], $15::bytea[],
        $16::text[], $17::text[], $18::json[], $19::json[], $20::text[],
        $21::json[], $22::text[], $23::integer[])`,
    values: [
      rows.map((row) => row.caseId),
      rows.map((row) => row.number),
      rows.map(({ data }) => data.entryId),
      rows.map(({ at }) => toSql(at)),
      rows.map(({ data }) => data.kind),
      rows.map(({ data }) => data.audience),
      rows.map(({ data }) => data.actor.party),
      rows.map(({ data }) => JSON.stringify(data.actor)),
      rows.map(({ data }) => data.by),
      rows.map(({ data }) => data.news),
      rows.map(({ data }) => data.text ?? null),
      rows.map(({ data }) => toJson(data.step)),
      rows.map(({ data }) => toJson(data.fact)),
      rows.map(({ data }) => toJson(data.subject)),
      rows.map(({ digest }) => digest ?? null),
      rows.map(({ data }) => data.previous ?? null),
      rows.map(({ data }) => data.hash ?? null),
      rows.map(({ data }) => toJson(data.attachment)),
      rows.map(({ data }) => toJson(data.repeats)),
      rows.map(({ stepKey }) => stepKey ?? null),
      rows.map(({ data }) => toJson(data.of)),
      rows.map(({ data }) => chainOf(data)),
      rows.map(({ place }) => place),
    ],
  });
}

/** The name of the shared chain. No company can have `*` as its name. */
export const sharedChain = "*";
/** The name of the chain in a case that has only one chain. */
export const onlyChain = "";

function chainOf({ chain, actor }: EventData<"entry.added">): string {
  if (chain === undefined) return onlyChain;
  return chain === "shared" ? sharedChain : actor.party;
}

/** The digest of an entry that a party adds to a case. */
export type EntryDigest = { readonly caseId: string; readonly digest: Buffer; readonly party: string };

/**
 * Returns the index of each digest that a stored entry of the same case already has. Entries that the party may not read do not count.
 */
export async function findRepeated(tx: Tx, digests: readonly EntryDigest[]): Promise<ReadonlySet<number>> {
  if (digests.length === 0) return new Set();
  const rows = await tx.query<{ position: number }>({
    name: "entry.find-said",
    text: `
      -- entry.find-said
      select position - 1 as position
      from unnest($1::text[], $2::bytea[], $3::text[]) with ordinality as wanted (case_id, digest, party, position)
      where exists (
        select from entry e where e.case_id = wanted.case_id and e.digest = wanted.digest
          and (e.audience <> 'internal' or e.author_party = wanted.party))`,
    values: [digests.map((d) => d.caseId), digests.map((d) => d.digest), digests.map((d) => d.party)],
  });
  return new Set(rows.map(({ position }) => position));
}

/** Saves handlings after a start, a heartbeat or an end. `changes` contains each handling at most once. */
export async function saveHandlings(tx: Tx, changes: readonly HandlingChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query({
    name: "handling.save",
    text: `
      -- handling.save
      insert into handling (id, case_id, number, party, person, channel, started_at, last_beat_at, ended_at)
      select * from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::text[], $6::text[],
        $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
      on conflict (id) do update set last_beat_at = excluded.last_beat_at, ended_at = excluded.ended_at`,
    values: [
      changes.map(({ data }) => data.handlingId),
      changes.map((change) => change.caseId),
      changes.map((change) => change.number),
      changes.map(({ data }) => data.actor.party),
      changes.map(({ data }) => data.actor.person ?? null),
      changes.map(({ data }) => data.channel),
      changes.map(({ startedAt }) => toSql(startedAt)),
      changes.map(({ lastBeatAt }) => toSql(lastBeatAt)),
      changes.map(({ endedAt }) => (endedAt === undefined ? null : toSql(endedAt))),
    ],
  });
}

/** Stores the end of each live handling in cases that have ended. */
export async function endHandlings(
  tx: Tx,
  ended: readonly { readonly caseId: string; readonly at: Instant }[],
): Promise<void> {
  if (ended.length === 0) return;
  await tx.query({
    name: "handling.end-of-cases",
    text: `
      -- handling.end-of-cases
      update handling set ended_at = greatest(over.at, handling.last_beat_at)
      from unnest($1::text[], $2::timestamptz[]) as over (case_id, at)
      where handling.case_id = over.case_id and handling.ended_at is null`,
    values: [ended.map(({ caseId }) => caseId), ended.map(({ at }) => toSql(at))],
  });
}

function toJson(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
