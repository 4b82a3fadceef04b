import type {
  Actor,
  Attachment,
  Channel,
  EntryOf,
  EventData,
  Fact,
  Instant,
  TriedStep,
  Subject,
} from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";
import { onlyChain, sharedChain } from "./dossier.ts";

const entryColumns = `
  number, id, at, kind, audience, author, by, news, text, step, fact, subject, attachment, repeats, hash, previous, chain,
  words_of as "of"`;

/**
 * A result page of a list that belongs to a case. The result page contains the rows after the number `after` and, if `last` is given,
 * up to the number `last`.
 */
export type DossierPage = {
  readonly caseId: string;
  readonly after: number;
  readonly last?: number;
  readonly limit: number;
};

/** A row of a list of contacts. */
export type ListedContact = {
  readonly number: number;
  readonly id: string;
  readonly at: Instant;
  readonly author: Actor;
  readonly channel: Channel;
  readonly direction: EventData<"case.contacted">["direction"];
  readonly content: EventData<"case.contacted">["content"];
  readonly subject: Subject | null;
};

/** Returns the contacts after a number, oldest first. The result never includes the opening, contact 1. The caller adds the opening. */
export function listContacts(tx: Tx, { caseId, after, last, limit }: DossierPage): Promise<ListedContact[]> {
  return tx.query({
    text: `
      -- contact.list
      select number, id, at, author, channel, direction, content, subject from contact
      where case_id = $1 and number > $2 and number <= coalesce($4, number) order by number limit $3`,
    values: [caseId, after, limit, last ?? null],
  });
}

/** A row of a list of entries. */
export type ListedEntry = {
  readonly number: number;
  readonly id: string;
  readonly at: Instant;
  readonly kind: EventData<"entry.added">["kind"];
  readonly audience: EventData<"entry.added">["audience"];
  readonly author: Actor;
  readonly by: EventData<"entry.added">["by"];
  readonly news: boolean;
  readonly text: string | null;
  readonly step: TriedStep | null;
  readonly fact: Fact | null;
  readonly subject: Subject | null;
  readonly attachment: Attachment | null;
  readonly repeats: { readonly entryId: string; readonly reason: string } | null;
  readonly of: EntryOf | null;
  readonly chain: string;
  readonly previous: string | null;
  readonly hash: string | null;
};

/**
 * A place in a list of entries. `shared` is the number of the last entry that the reader has read in the shared chain.
 * `internal` is the same number for the internal chain of the reader's company.
 */
export type EntryPlace = { readonly shared: number; readonly internal: number };

/**
 * A result page of entries. The result page contains the entries after the place `after` and, if `last` is given, up to the place
 * `last`.
 */
export type EntryPage = {
  readonly caseId: string;
  readonly after: EntryPlace;
  readonly last?: EntryPlace;
  readonly limit: number;
};

/**
 * Returns the entries that follow a place and that the party may read. The result includes an internal entry only if the entry belongs
 * to the party. The entries of both chains are in one order, oldest first. The query reads each chain in its own order. A result page
 * therefore costs the same in a long dossier as in a short one.
 */
export function listEntries(tx: Tx, party: string, { caseId, after, last, limit }: EntryPage): Promise<ListedEntry[]> {
  return tx.query({
    text: `
      -- entry.list
      with shared as (
        select * from entry
        where case_id = $1 and chain in ($2, $3) and number > $4 and number <= coalesce($8, number)
          and (audience <> 'internal' or author_party = $6)
        order by number limit $7
      ), internal as (
        select * from entry
        where case_id = $1 and chain = $6 and number > $5 and number <= coalesce($9, number) order by number limit $7
      )
      select ${entryColumns} from (select * from shared union all select * from internal) as readable
      order by place limit $7`,
    values: [
      caseId,
      onlyChain,
      sharedChain,
      after.shared,
      after.internal,
      party,
      limit,
      last?.shared ?? null,
      last?.internal ?? null,
    ],
  });
}

/** A row of a list of handlings. */
export type ListedHandling = {
  readonly id: string;
  readonly party: string;
  readonly person: string | null;
  readonly channel: Channel;
  readonly startedAt: Instant;
  readonly lastBeatAt: Instant;
  readonly endedAt: Instant | null;
};

/**
 * Returns the handlings that started after the handling with the id `after`, oldest first. If the case has no handling with this id,
 * the list begins with the first handling.
 */
export function listHandlings(
  tx: Tx,
  { caseId, after, last, limit }: Omit<DossierPage, "after"> & { readonly after: string },
): Promise<ListedHandling[]> {
  return tx.query({
    text: `
      -- handling.list
      select id, party, person, channel, started_at as "startedAt", last_beat_at as "lastBeatAt",
        ended_at as "endedAt"
      from handling
      where case_id = $1
        and number > coalesce((select number from handling where id = $2 and case_id = $1), 0)
        and number <= coalesce($4, number)
      order by number limit $3`,
    values: [caseId, after, limit, last ?? null],
  });
}

/**
 * Returns the first `limit` entries of one chain, in the order of the chain. If the case has only one chain, the result includes
 * entries that the reader may not read.
 */
export function listChain(
  tx: Tx,
  { caseId, chain, limit }: Omit<DossierPage, "after"> & { readonly chain: string },
): Promise<ListedEntry[]> {
  return tx.query({
    text: `
      -- entry.list-chain
      select ${entryColumns} from entry where case_id = $1 and chain = $2 and number <= $3 order by number`,
    values: [caseId, chain, limit],
  });
}
