import { type EventData, type Instant, type Subject, formatInstant, sha256 } from "@crossline/contracts";
import { canonicalJson } from "./canonical.ts";

/** What an entry says, as it is hashed. `erased`: the hash of the subject block that it had, where that was erased since. */
export type ChainedEntry = Omit<EventData<"entry.added">, "number" | "previous" | "hash"> & {
  readonly erased?: string | undefined;
};

/** An entry's place in its chain: its number from 1, the hash of the one before (none for the first), its own. */
export type Link = { readonly number: number; readonly previous?: string; readonly hash: string };

/**
 * The hash of an entry over everything that it says, its time, its place and the hash of the entry before. The subject block
 * is covered by its own hash, so that a person's data can be erased later and the chain still holds.
 */
export function entryHash(
  caseId: string,
  at: Instant,
  entry: ChainedEntry,
  { number, previous }: Omit<Link, "hash">,
): string {
  const { subject, erased, ...told } = entry;
  const covered = subject === undefined ? erased : subjectHash(subject);
  return sha256(canonicalJson({ caseId, at: formatInstant(at), number, previous, subject: covered, ...told }));
}

/** What stands for a subject block in its entry's hash: to be kept when the block is erased. */
export function subjectHash(subject: Subject): string {
  return sha256(canonicalJson(subject));
}

/** The next link of a chain that ends like this. Entries from before there was a chain have none: it begins with the next one. */
export function linkEntry(
  caseId: string,
  at: Instant,
  entry: ChainedEntry,
  { entries, head }: { readonly entries: number; readonly head?: string | undefined },
): Link {
  const place = { number: entries + 1, ...(head !== undefined && { previous: head }) };
  return { ...place, hash: entryHash(caseId, at, entry, place) };
}
