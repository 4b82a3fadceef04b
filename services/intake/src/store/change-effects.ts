import type { Instant } from "@crossline/contracts";
import { type AnnouncedChange, type CaseState, effectUntil } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** Inserts the carriers and symptoms of a change. */
export async function insertEffects(tx: Tx, state: AnnouncedChange): Promise<void> {
  const { id, timeline, carriers, symptoms } = state;
  if (carriers.length === 0 || symptoms.length === 0) return;
  await tx.query({
    text: `
      -- change-effect.insert
      insert into change_effect (timeline, carrier, symptom, until_at, change_id)
      select $1, carrier, symptom, $4, $5 from unnest($2::text[]) as c (carrier), unnest($3::text[]) as s (symptom)
      on conflict do nothing`,
    values: [timeline, carriers, symptoms, toSql(effectUntil(state)), id],
  });
}

/** Deletes the carriers and symptoms of a withdrawn change, so that no further case is linked to it. */
export async function deleteEffects(tx: Tx, { id, timeline, carriers }: AnnouncedChange): Promise<void> {
  await tx.query({
    text: `
      -- change-effect.delete
      delete from change_effect where timeline = $1 and carrier = any($2::text[]) and change_id = $3`,
    values: [timeline, carriers, id],
  });
}

/** Inserts the identities that a change lists, as hashes. */
export async function insertListed(tx: Tx, changeId: string, identities: readonly string[]): Promise<void> {
  if (identities.length === 0) return;
  await tx.query({
    text: `
      -- change-identity.insert
      insert into change_identity (change_id, identity) select $1, * from unnest($2::text[]) on conflict do nothing`,
    values: [changeId, identities],
  });
}

/** The carrier and the symptom of a case. */
export type EffectQuery = {
  readonly timeline: string;
  readonly carrier: string;
  readonly symptom?: string | undefined;
};

/** A change whose effect can include a case. `index` is the index of the case. */
export type EffectiveChange = { readonly index: number; readonly state: AnnouncedChange };

/**
 * Returns the changes that can affect cases with these carriers and symptoms. Sends no query without a case. On the wall timeline,
 * leaves out changes whose effect has ended.
 */
export async function findEffective(tx: Tx, cases: readonly EffectQuery[]): Promise<readonly EffectiveChange[]> {
  if (cases.length === 0) return [];
  return tx.query({
    name: "change-effect.find",
    text: `
      -- change-effect.find
      select (q.place - 1)::integer as index, c.state
      from unnest($1::text[], $2::text[], $3::text[]) with ordinality as q (timeline, carrier, symptom, place)
        join change_effect e on e.timeline = q.timeline and e.carrier = q.carrier and e.symptom = q.symptom
          and (e.timeline <> 'wall' or e.until_at >= now())
        join change c on c.id = e.change_id`,
    values: [
      cases.map(({ timeline }) => timeline),
      cases.map(({ carrier }) => carrier),
      cases.map(({ symptom }) => symptom),
    ],
  });
}

/** The identities of a case, as hashes, and a change that has a list. */
export type ListedQuery = { readonly index: number; readonly changeId: string; readonly identities: readonly string[] };

/** Returns `<index> <change id>` of each query whose change lists one of the identities. */
export async function findListed(tx: Tx, queries: readonly ListedQuery[]): Promise<ReadonlySet<string>> {
  const pairs = queries.flatMap((query) => query.identities.map((identity) => ({ ...query, identity })));
  if (pairs.length === 0) return new Set();
  const rows = await tx.query<{ index: number; changeId: string }>({
    text: `
      -- change-identity.find
      select q.index, q.change_id as "changeId"
      from unnest($1::integer[], $2::text[], $3::text[]) as q (index, change_id, identity)
        join change_identity i on i.change_id = q.change_id and i.identity = q.identity`,
    values: [
      pairs.map(({ index }) => index),
      pairs.map(({ changeId }) => changeId),
      pairs.map(({ identity }) => identity),
    ],
  });
  return new Set(rows.map(({ index, changeId }) => `${index} ${changeId}`));
}

/** A change by its id, for a party that reads it. */
export type LinkQuery = { readonly changeId: string; readonly party: string };

/** Returns for each query the change; undefined if the party reads no change with this id. */
export async function findLinks(tx: Tx, queries: readonly LinkQuery[]): Promise<(AnnouncedChange | undefined)[]> {
  if (queries.length === 0) return [];
  const rows = await tx.query<{ state: AnnouncedChange | null }>({
    text: `
      -- change.find-for-links
      select c.state from unnest($1::text[], $2::text[]) with ordinality as q (id, party, place)
        left join change c on c.id = q.id and q.party = any(c.parties)
      order by q.place`,
    values: [queries.map(({ changeId }) => changeId), queries.map(({ party }) => party)],
  });
  return rows.map(({ state }) => state ?? undefined);
}

/** A portion of cases in the order of their ids. */
type CasePortion = { readonly after: string; readonly limit: number };

/** Returns the open cases of a change's carriers that have one of its symptoms and were opened since its start, without canaries. */
export async function findOpenCasesOf(
  tx: Tx,
  { timeline, carriers, symptoms, startsAt }: AnnouncedChange,
  { after, limit }: CasePortion,
): Promise<CaseState[]> {
  const rows = await tx.query<{ state: CaseState }>({
    text: `
      -- case-record.find-of-change
      select c.state
      from case_party p join case_record c on c.id = p.case_id
      where p.party = any($2::text[]) and p.timeline = $1 and p.opened_at >= $4::timestamptz and p.over_at is null
        and c.carrier = p.party and c.canary_id is null and c.status not in ('closed', 'rejected', 'cancelled')
        and c.state->>'symptom' = any($3::text[]) and c.id > $5
      order by c.id limit $6`,
    values: [timeline, carriers, symptoms, toSql(startsAt), after, limit],
  });
  return rows.map(({ state }) => state);
}

/** A change of the links of a case. */
export type LinkChange = {
  readonly changeId: string;
  readonly caseId: string;
  readonly openedAt: Instant;
  readonly isLinked: boolean;
};

/** Saves the changed links of cases. */
export async function saveLinks(tx: Tx, changes: readonly LinkChange[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query({
    text: `
      -- change-case.save
      with changed as (
        select * from unnest($1::text[], $2::timestamptz[], $3::text[], $4::boolean[])
          as changed (change_id, opened_at, case_id, is_linked)
      ), removed as (
        delete from change_case c using changed
        where not changed.is_linked and (c.change_id, c.opened_at, c.case_id)
          = (changed.change_id, changed.opened_at, changed.case_id)
      )
      insert into change_case (change_id, opened_at, case_id)
      select change_id, opened_at, case_id from changed where is_linked on conflict do nothing`,
    values: [
      changes.map(({ changeId }) => changeId),
      changes.map(({ openedAt }) => toSql(openedAt)),
      changes.map(({ caseId }) => caseId),
      changes.map(({ isLinked }) => isLinked),
    ],
  });
}
