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

/** A page of a list that hangs on a case: the rows behind the number `after`, up to the number `last` where it is given. */
export type DossierPage = {
  readonly caseId: string;
  readonly after: number;
  readonly last?: number;
  readonly limit: number;
};

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

/** Contacts behind a number, oldest first. The opening, number 1, is the caller's to add. */
export function listContacts(tx: Tx, { caseId, after, last, limit }: DossierPage): Promise<ListedContact[]> {
  return tx.query({
    text: `
      -- contact.list
      select number, id, at, author, channel, direction, content, subject from contact
      where case_id = $1 and number > $2 and number <= coalesce($4, number) order by number limit $3`,
    values: [caseId, after, limit, last ?? null],
  });
}

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

/** The last entry of each chain that a reader has seen: of the one that it shares, and of its company's own. */
export type EntryPlace = { readonly shared: number; readonly internal: number };

/** A page of entries: those behind a place, up to a place where it is given. */
export type EntryPage = {
  readonly caseId: string;
  readonly after: EntryPlace;
  readonly last?: EntryPlace;
  readonly limit: number;
};

/**
 * Entries that a party may see behind a place, oldest first over both chains: internal ones only of its own. Each chain is read in
 * its own order, so that a page of a long dossier costs no more than one of a short one.
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

export type ListedHandling = {
  readonly id: string;
  readonly party: string;
  readonly person: string | null;
  readonly channel: Channel;
  readonly startedAt: Instant;
  readonly lastBeatAt: Instant;
  readonly endedAt: Instant | null;
};

/** The handlings that began after one of them, oldest first; from the first on where the case has no such handling. */
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

/** The first entries of one chain of a case, in its order, with those of one chain for all that the reader may not see. */
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
