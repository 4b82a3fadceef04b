import { parseInstant } from "@crossline/contracts";
import { type ActionContent, type NewAction, actionHash } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

type Head = { readonly party: string; number: number; hash: string | null };

type LinkedAction = { readonly content: ActionContent; readonly hash: string };

/**
 * Appends actions to the parts of their companies. An action whose source is in the log already is skipped, so a rebuild doubles
 * nothing. The function locks the heads of the companies in the order of their names until the commit, so the numbers have no gaps.
 */
export async function appendActions(tx: Tx, actions: readonly NewAction[]): Promise<void> {
  if (actions.length === 0) return;
  const parties = [...new Set(actions.map(({ party }) => party))].toSorted();
  // The second statement begins after the first has the locks, so it sees every source of these companies.
  const [heads, known] = await Promise.all([lockHeads(tx, parties), findSources(tx, actions)]);
  const byParty = new Map(heads.map((head) => [head.party, head]));
  const rows = actions.flatMap((action): LinkedAction[] => {
    const head = byParty.get(action.party);
    const name = nameOf(action);
    if (head === undefined || known.has(name)) return [];
    known.add(name);
    head.number += 1;
    const content = { ...action, number: head.number };
    head.hash = actionHash(head.hash ?? undefined, content);
    return [{ content, hash: head.hash }];
  });
  if (rows.length === 0) return;
  await Promise.all([insertActions(tx, rows), moveHeads(tx, heads)]);
}

function nameOf({ party, source }: Pick<NewAction, "party" | "source">): string {
  return `${party} ${source}`;
}

function lockHeads(tx: Tx, parties: readonly string[]): Promise<Head[]> {
  return tx.query<Head>({
    name: "console.lock-action-heads",
    text: `
      -- console.lock-action-heads
      insert into action_head (party, number) select party, 0 from unnest($1::text[]) as wanted (party) order by party
      on conflict (party) do update set number = action_head.number
      returning party, number, hash`,
    values: [parties],
  });
}

async function findSources(tx: Tx, actions: readonly NewAction[]): Promise<Set<string>> {
  const rows = await tx.query<Pick<NewAction, "party" | "source">>({
    name: "console.find-action-sources",
    text: `
      -- console.find-action-sources
      select party, source from unnest($1::text[], $2::text[]) as wanted (party, source) join action using (party, source)`,
    values: [actions.map(({ party }) => party), actions.map(({ source }) => source)],
  });
  return new Set(rows.map(nameOf));
}

async function insertActions(tx: Tx, rows: readonly LinkedAction[]): Promise<void> {
  const contents = rows.map(({ content }) => content);
  await tx.query({
    name: "console.insert-actions",
    text: `
      -- console.insert-actions
      insert into action (party, number, at, source, operation, person, case_id, hash, content)
      select party, number, at, source, operation, person, case_id, hash, content::jsonb
      from unnest($1::text[], $2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::text[]) as new (party, number, at, source, operation, person, case_id, hash, content)`,
    values: [
      contents.map(({ party }) => party),
      contents.map(({ number }) => number),
      contents.map(({ at }) => toSql(parseInstant(at))),
      contents.map(({ source }) => source),
      contents.map(({ operation }) => operation),
      contents.map(({ actor }) => actor.person ?? null),
      contents.map((content) => content.case ?? null),
      rows.map(({ hash }) => hash),
      contents.map((content) => JSON.stringify(content)),
    ],
  });
}

async function moveHeads(tx: Tx, heads: readonly Head[]): Promise<void> {
  await tx.query({
    name: "console.move-action-heads",
    text: `
      -- console.move-action-heads
      update action_head set number = new.number, hash = new.hash
      from unnest($1::text[], $2::bigint[], $3::text[]) as new (party, number, hash) where action_head.party = new.party`,
    values: [heads.map(({ party }) => party), heads.map(({ number }) => number), heads.map(({ hash }) => hash)],
  });
}
