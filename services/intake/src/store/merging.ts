import { type Actor, type CarriedEntry, type Channel, type Instant, formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import type { ListedEntry } from "./dossier-lists.ts";

/** Contains the contacts of a case without the opening, and the last entries of the shared chain. */
export type CaseHistory = {
  readonly contacts: { readonly byChannel: Partial<Record<Channel, number>>; readonly lastAt?: Instant };
  readonly entries: readonly CarriedEntry[];
};

const entriesMax = 100;
const textMax = 1_000;

/** Maps the id of each case that a merge will close to the history of that case. */
export async function findHistories(tx: Tx, caseIds: readonly string[]): Promise<ReadonlyMap<string, CaseHistory>> {
  if (caseIds.length === 0) return new Map();
  const [contacts, entries] = await Promise.all([countContacts(tx, caseIds), lastEntries(tx, caseIds)]);
  return new Map(
    caseIds.map((id) => {
      const own = contacts.filter(({ caseId }) => caseId === id);
      const lastAt = Math.max(...own.map((row) => row.lastAt));
      const byChannel = Object.fromEntries(own.map(({ channel, count }) => [channel, count]));
      return [
        id,
        {
          contacts: own.length === 0 ? { byChannel } : { byChannel, lastAt },
          entries: entries.filter(({ caseId }) => caseId === id).map(present),
        },
      ];
    }),
  );
}

type ContactCount = {
  readonly caseId: string;
  readonly channel: Channel;
  readonly count: number;
  readonly lastAt: Instant;
};

function countContacts(tx: Tx, caseIds: readonly string[]): Promise<ContactCount[]> {
  return tx.query({
    text: `
      -- contact.count-by-channel
      select case_id as "caseId", channel, count(*)::integer as count, max(at) as "lastAt" from contact
      where case_id = any($1::text[]) group by case_id, channel`,
    values: [caseIds],
  });
}

type LastEntry = Pick<ListedEntry, "at" | "kind" | "by" | "text" | "step" | "fact" | "attachment"> & {
  readonly caseId: string;
  readonly author: Actor;
};

/** Returns the last entries of each case, oldest first, without internal entries. */
function lastEntries(tx: Tx, caseIds: readonly string[]): Promise<LastEntry[]> {
  return tx.query({
    text: `
      -- entry.list-last
      select case_id as "caseId", at, author, kind, by, text, step, fact, attachment from (
        select *, row_number() over (partition by case_id order by number desc) as nth from entry
        where case_id = any($1::text[]) and audience <> 'internal' -- all of them are in one chain
      ) as numbered where nth <= $2 order by case_id, number`,
    values: [caseIds, entriesMax],
  });
}

function present({ at, author: actor, kind, by, text, step, fact, attachment }: LastEntry): CarriedEntry {
  return {
    at: formatInstant(at),
    actor,
    kind,
    by,
    ...(text !== null && { text: text.slice(0, textMax) }),
    ...(step !== null && { step }),
    ...(fact !== null && { fact }),
    ...(attachment !== null && { attachment }),
  };
}

/** The ids of the source case and the target case of a merge. */
export type MergedPair = { readonly source: string; readonly target: string };

/** Copies the identities of source cases to their target cases, so that later contacts join the target cases. */
export async function copyIdentities(tx: Tx, merged: readonly MergedPair[]): Promise<void> {
  if (merged.length === 0) return;
  await tx.query({
    text: `
      -- case-identity.copy
      insert into case_identity (timeline, identity, carrier, case_id, of_device)
      select i.timeline, i.identity, i.carrier, merged.target, i.of_device
      from unnest($1::text[], $2::text[]) as merged (source, target) join case_identity i on i.case_id = merged.source
      order by 1, 2, 4
      on conflict do nothing`,
    values: [merged.map(({ source }) => source), merged.map(({ target }) => target)],
  });
}
