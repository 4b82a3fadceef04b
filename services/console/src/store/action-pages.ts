import { type ActionsQuery, type LoggedAction, parseInstant } from "@crossline/contracts";
import type { ActionContent } from "@crossline/domain";
import { type Tx, toSql } from "@crossline/postgres";

/** The last row of a company's part of the action log. */
export type ActionHead = { readonly number: number; readonly hash: string };

type StoredAction = { readonly content: ActionContent; readonly hash: string };

/** Returns the last row of a company's part; undefined if the part is empty. */
export async function readActionHead(tx: Tx, party: string): Promise<ActionHead | undefined> {
  const [head] = await tx.query<ActionHead>({
    name: "console.read-action-head",
    text: `
      -- console.read-action-head
      select number, hash from action_head where party = $1 and number > 0`,
    values: [party],
  });
  return head;
}

/** The rows of one company that a page shows. */
export type ActionSelection = Omit<ActionsQuery, "party"> & { readonly party: string };

/** Returns the rows after a number that pass the filters, in the order of their numbers. */
export async function readActions(tx: Tx, selection: ActionSelection): Promise<LoggedAction[]> {
  const { party, after, limit, from, to, kind, person, operation, case: caseId } = selection;
  const instantOf = (text: string | undefined) => (text === undefined ? null : toSql(parseInstant(text)));
  const rows = await tx.query<StoredAction>({
    text: `
      -- console.read-actions
      select content, hash from action
      where party = $1 and number > $2
        and ($4::timestamptz is null or at >= $4) and ($5::timestamptz is null or at < $5)
        and ($6::text is null or content ->> 'kind' = $6)
        and ($7::text is null or person = $7)
        and ($8::text is null or operation = $8)
        and ($9::text is null or case_id = $9)
      order by number limit $3`,
    values: [
      party,
      after,
      limit,
      instantOf(from),
      instantOf(to),
      kind ?? null,
      person ?? null,
      operation ?? null,
      caseId ?? null,
    ],
  });
  return rows.map(({ content, hash }) => ({ ...content, hash }));
}
