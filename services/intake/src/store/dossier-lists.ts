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

/** A result page of a case's list: the rows after the number `after`, up to the number `last` if it is given. */
export type DossierPage = {
  readonly caseId: string;
  readonly after: number;
  readonly last?: number;
  readonly limit: number;
};

/** A contact as a list returns it. */
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

/** Returns contacts after a number, oldest first. The caller adds the opening, which has the number 1. */
export function listContacts(tx: Tx, { caseId, after, last, limit }: DossierPage): Promise<ListedContact[]> {
  return tx.query({
    text: `
      -- contact.list
      select number, id, at, author, channel, direction, content, subject from contact
      where case_id = $1 and number > $2 and number <= coalesce($4, number) order by number limit $3`,
    values: [caseId, after, limit, last ?? null],
  });
}

/** An entry as a list returns it. */
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

/** The number of the last entry that a reader has read in the shared chain and in its company's internal chain. */
export type EntryPlace = { readonly shared: number; readonly internal: number };

/** A result page of entries: those after the place `after`, up to the place `last` if it is given. */
export type EntryPage = {
  readonly caseId: string;
  readonly after: EntryPlace;
  readonly last?: EntryPlace;
  readonly limit: number;
};

/**
 * Returns the entries after a place that a party may read, oldest first over both chains. Internal entries are only its own. Each chain
 * is read in its own order, so that a result page costs the same in a long and in a short dossier.
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

/** A handling as a list returns it. */
export type ListedHandling = {
  readonly id: string;
  readonly party: string;
  readonly person: string | null;
  readonly channel: Channel;
  readonly startedAt: Instant;
  readonly lastBeatAt: Instant;
  readonly endedAt: Instant | null;
};

/** Returns the handlings that started after the handling `after`, oldest first. If the case has no such handling, it returns the first ones. */
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

/** Returns the first entries of one chain in its order. In a case with one chain for all, they include entries that the reader may not read. */
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
