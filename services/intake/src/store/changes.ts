import type { Instant } from "@crossline/contracts";
import type { AnnouncedChange } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** Inserts a change. */
export async function insertChange(tx: Tx, state: AnnouncedChange): Promise<void> {
  await tx.query({
    text: `
      -- change.insert
      insert into change (id, timeline, announced_at, parties, awaiting, state) values ($1, $2, $3, $4, $5, $6)`,
    values: [
      state.id,
      state.timeline,
      toSql(state.announcedAt),
      [state.by, ...state.receipts.map(({ company }) => company)],
      awaiting(state),
      JSON.stringify(state),
    ],
  });
}

/** Saves the new state of a change that this transaction has locked. */
export async function updateChange(tx: Tx, state: AnnouncedChange): Promise<void> {
  await tx.query({
    text: `
      -- change.update
      update change set awaiting = $2, state = $3 where id = $1`,
    values: [state.id, awaiting(state), JSON.stringify(state)],
  });
}

function awaiting({ receipts, withdrawn }: AnnouncedChange): readonly string[] {
  if (withdrawn !== undefined) return [];
  return receipts.filter(({ is }) => is !== "confirmed").map(({ company }) => company);
}

/** Returns a change that a party announced or that affects it; undefined if the party has no change with this id. */
export async function findChange(tx: Tx, id: string, party: string): Promise<AnnouncedChange | undefined> {
  const [row] = await tx.query<{ state: AnnouncedChange }>({
    text: `
      -- change.find
      select state from change where id = $1 and $2 = any(parties)`,
    values: [id, party],
  });
  return row?.state;
}

/** Locks a change until the transaction ends, and returns it; undefined if no change has this id. */
export async function lockChange(tx: Tx, id: string): Promise<AnnouncedChange | undefined> {
  const [row] = await tx.query<{ state: AnnouncedChange }>({
    text: `
      -- change.lock
      select state from change where id = $1 for no key update`,
    values: [id],
  });
  return row?.state;
}

/** Counts the changes of an announcer on a timeline that still wait for a receipt. */
export async function countAwaiting(tx: Tx, timeline: string, by: string): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    text: `
      -- change.count-awaiting
      select count(*) as count from change
      where parties @> array[$2] and parties[1] = $2 and timeline = $1 and awaiting <> '{}'`,
    values: [timeline, by],
  });
  return row?.count ?? 0;
}

/** The place of a change in a list. */
export type ChangePlace = { readonly announcedAt: Instant; readonly id: string };

export type ChangeListing = {
  readonly party: string;
  readonly timeline: string;
  /** True: only changes that the party must confirm, or that it announced and another company must confirm. */
  readonly isOpen: boolean;
  readonly before: ChangePlace | undefined;
  readonly limit: number;
};

/** Returns the changes that a party announced or that affect it, newest first. */
export async function listChanges(
  tx: Tx,
  { party, timeline, isOpen, before, limit }: ChangeListing,
): Promise<AnnouncedChange[]> {
  const rows = await tx.query<{ state: AnnouncedChange }>({
    text: `
      -- change.list
      select state from change
      where parties @> array[$1] and timeline = $2
        and (not $3::boolean or $1 = any(awaiting) or (parties[1] = $1 and awaiting <> '{}'))
        and (announced_at, id) < ($4::timestamptz, $5)
      order by announced_at desc, id desc limit $6`,
    values: [party, timeline, isOpen, toSql(before?.announcedAt ?? Infinity), before?.id ?? "", limit],
  });
  return rows.map(({ state }) => state);
}
