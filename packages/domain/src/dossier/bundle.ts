import { parseInstant, sha256 } from "@crossline/contracts";
import { canonicalJson } from "./canonical.ts";
import { type ChainedEntry, entryHash } from "./chain.ts";

export const bundleFormat = "crossline.dossier/1";

/** An entry in a bundle: as it was written, or only its place in the chain where the reader may not see it. */
export type BundledEntry = {
  readonly number: number;
  readonly previous?: string | undefined;
  /** Missing for entries from before there was a chain. */
  readonly hash?: string | undefined;
} & ({ readonly hidden: true } | { readonly at: string; readonly entry: ChainedEntry });

/** A case's dossier to take away: who it is about, its contacts, its entries, and what all of it hashes to. */
export type Bundle = {
  readonly format: typeof bundleFormat;
  readonly exportedAt: string;
  readonly exportedFor: string;
  readonly case: { readonly id: string } & Readonly<Record<string, unknown>>;
  readonly contacts: readonly unknown[];
  readonly entries: readonly BundledEntry[];
  /** The hash of the last entry: as the case and its last `entry.added` tell it. */
  readonly head?: string | undefined;
  /** SHA-256 of the canonical JSON of all else. */
  readonly digest: string;
};

/** Writes a bundle as the one text that it has; `verifyBundle` takes that text and no other. */
export function writeBundle(content: Omit<Bundle, "format" | "digest">): string {
  const whole = { format: bundleFormat, ...content };
  return canonicalJson({ ...whole, digest: sha256(canonicalJson(whole)) });
}

/** What is wrong with a bundle, and where; nothing where every byte is as it was written. */
export type BundleFault = { readonly at: string; readonly message: string };

/**
 * Checks a bundle by itself, without a server: its text is canonical, its digest is that of the text, the entries are
 * numbered without a gap, each names the hash of the one before, each that can be read hashes to what it says, and the
 * last one is the head. It cannot know whether somebody wrote a whole bundle anew: for that the head is held against the
 * one that the case tells. Never throws, whatever the text is.
 */
export function verifyBundle(text: string): readonly BundleFault[] {
  let bundle: unknown;
  try {
    bundle = JSON.parse(text);
  } catch {
    return [{ at: "", message: "is no JSON" }];
  }
  if (!isBundle(bundle)) return [{ at: "/format", message: `is no bundle of the format ${bundleFormat}` }];
  const { digest, ...content } = bundle;
  const faults: BundleFault[] = [];
  if (canonicalJson(bundle) !== text.trimEnd()) faults.push({ at: "", message: "is not written as it was exported" });
  if (digest !== sha256(canonicalJson(content)))
    faults.push({ at: "/digest", message: "is not that of the bundle: something was changed" });
  return [...faults, ...chainFaults(bundle)];
}

function isBundle(read: unknown): read is Bundle {
  if (!isObject(read) || read["format"] !== bundleFormat) return false;
  const { case: about, entries } = read;
  return isObject(about) && typeof about["id"] === "string" && Array.isArray(entries) && entries.every(isObject);
}

function isObject(read: unknown): read is Record<string, unknown> {
  return typeof read === "object" && read !== null && !Array.isArray(read);
}

function* chainFaults({ case: { id }, entries, head }: Bundle): Iterable<BundleFault> {
  let last: string | undefined;
  let number = 0;
  for (const [index, entry] of entries.entries()) {
    const at = `/entries/${index}`;
    if (entry.number !== number + 1) yield { at, message: `should be number ${number + 1}: an entry is missing` };
    if (entry.hash === undefined && last !== undefined) yield { at, message: "has no hash, but the one before has" };
    if (entry.hash !== undefined && entry.previous !== last)
      yield { at, message: "does not follow on the entry before" };
    if (entry.hash !== undefined && !("hidden" in entry) && entry.hash !== hashOf(id, entry))
      yield { at, message: "does not hash to what it says: it was changed" };
    last = entry.hash;
    // What is no number at all is told once: the next one is held against where it stands.
    number = Number.isSafeInteger(entry.number) ? entry.number : index + 1;
  }
  if (head !== last) yield { at: "/head", message: "is not the last entry: entries are missing at the end" };
}

function hashOf(caseId: string, { number, previous, at, entry }: Extract<BundledEntry, { at: string }>): string {
  try {
    return entryHash(caseId, parseInstant(at), entry, { number, ...(previous !== undefined && { previous }) });
  } catch {
    return "";
  }
}
