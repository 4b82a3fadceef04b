import { type EventData, type Instant, type Subject, formatInstant, sha256 } from "@crossline/contracts";
import { canonicalJson } from "./canonical.ts";

/** The content that the hash of an entry covers. `erased` is the hash of the subject block, if this block was erased. */
export type ChainedEntry = Omit<EventData<"entry.added">, "number" | "previous" | "hash"> & {
  readonly erased?: string | undefined;
};

/**
 * The place of an entry in its chain: its number from 1, the hash of the previous entry, and its own hash. The first entry has
 * no `previous`.
 */
export type Link = { readonly number: number; readonly previous?: string; readonly hash: string };

/**
 * Returns the hash of an entry. The hash covers the content, time and place of the entry, and the hash of the previous entry.
 * The subject block has its own hash, so a person's data can be erased later without making the chain invalid.
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

/**
 * Returns the hash that represents a subject block in the hash of its entry. A caller that erases the block must store the
 * hash.
 */
export function subjectHash(subject: Subject): string {
  return sha256(canonicalJson(subject));
}

/**
 * Returns the next link of a chain with this head. Entries that are older than the first chains have no hash. If the last entry
 * has no hash, the chain begins with the next entry.
 */
export function linkEntry(
  caseId: string,
  at: Instant,
  entry: ChainedEntry,
  { entries, head }: { readonly entries: number; readonly head?: string | undefined },
): Link {
  const place = { number: entries + 1, ...(head !== undefined && { previous: head }) };
  return { ...place, hash: entryHash(caseId, at, entry, place) };
}
