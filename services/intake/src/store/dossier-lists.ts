import type {
  Actor,
  Attachment,
  Channel,
  EntryOf,
  EventData,
  Fact,
  Instant,
  StepTried,
  Subject,
} from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

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
  readonly step: StepTried | null;
  readonly fact: Fact | null;
  readonly subject: Subject | null;
  readonly attachment: Attachment | null;
  readonly repeats: { readonly entryId: string; readonly reason: string } | null;
  readonly of: EntryOf | null;
  readonly hash: string | null;
};

/** Entries behind a number that a party may see, oldest first: internal ones only of its own. */
export function listEntries(
  tx: Tx,
  party: string,
  { caseId, after, last, limit }: DossierPage,
): Promise<ListedEntry[]> {
  return tx.query({
    text: `
      -- entry.list
      select number, id, at, kind, audience, author, by, news, text, step, fact, subject, attachment, repeats, hash,
        words_of as "of"
      from entry
      where case_id = $1 and number > $2 and number <= coalesce($5, number)
        and (audience <> 'internal' or author_party = $3) order by number limit $4`,
    values: [caseId, after, party, limit, last ?? null],
  });
}

export type ListedHandling = {
  readonly number: number;
  readonly id: string;
  readonly party: string;
  readonly person: string | null;
  readonly channel: Channel;
  readonly startedAt: Instant;
  readonly lastBeatAt: Instant;
  readonly endedAt: Instant | null;
};

export function listHandlings(tx: Tx, { caseId, after, last, limit }: DossierPage): Promise<ListedHandling[]> {
  return tx.query({
    text: `
      -- handling.list
      select number, id, party, person, channel, started_at as "startedAt", last_beat_at as "lastBeatAt",
        ended_at as "endedAt"
      from handling where case_id = $1 and number > $2 and number <= coalesce($4, number) order by number limit $3`,
    values: [caseId, after, limit, last ?? null],
  });
}

export type ChainedRow = ListedEntry & { readonly previous: string | null };

/** The first entries of a case with their links, whosesoever they are: for the export, which leaves out what is not the reader's. */
export function listChain(tx: Tx, { caseId, limit }: Pick<DossierPage, "caseId" | "limit">): Promise<ChainedRow[]> {
  return tx.query({
    text: `
      -- entry.list-chain
      select number, id, at, kind, audience, author, by, news, text, step, fact, subject, attachment, repeats, hash, previous,
        words_of as "of"
      from entry where case_id = $1 and number <= $2 order by number`,
    values: [caseId, limit],
  });
}
