import { parseInstant, sha256 } from "@crossline/contracts";
import { canonicalJson } from "./canonical.ts";
import { type ChainedEntry, entryHash } from "./chain.ts";

/** The formats of an exported dossier: one chain for all entries of a case, or one that is shared and one of the reader's own. */
export const exportFormats = { oneChain: "crossline.dossier/1", ownChains: "crossline.dossier/2" } as const;

/** An entry as it was written, with its place in its chain. */
export type ReadableEntry = {
  readonly number: number;
  readonly previous?: string | undefined;
  /** Missing for entries from before there was a chain. */
  readonly hash?: string | undefined;
  readonly at: string;
  readonly entry: ChainedEntry;
};

/** An entry in a bundle of one chain: as it was written, or only its place where the reader may not see it. */
export type ExportedEntry = ReadableEntry | (Omit<ReadableEntry, "at" | "entry"> & { readonly hidden: true });

/** A chain in a bundle. `head`: the hash of its last entry, as the case and its last `entry.added` name it. */
export type ExportedChain = { readonly entries: readonly ReadableEntry[]; readonly head?: string | undefined };

type ExportHeader = {
  readonly exportedAt: string;
  readonly exportedFor: string;
  readonly case: { readonly id: string } & Readonly<Record<string, unknown>>;
  readonly contacts: readonly unknown[];
  /** SHA-256 of the canonical JSON of all else. */
  readonly digest: string;
};

/** A case's dossier to take away: which case, its contacts, its entries, and what all of it hashes to. */
export type ExportFile = ExportHeader &
  (
    | {
        readonly format: typeof exportFormats.oneChain;
        readonly entries: readonly ExportedEntry[];
        readonly head?: string | undefined;
      }
    /** `internal`: the chain of the company that it was exported for. */
    | {
        readonly format: typeof exportFormats.ownChains;
        readonly shared: ExportedChain;
        readonly internal: ExportedChain;
      }
  );

type WithoutDigest<B> = B extends ExportFile ? Omit<B, "digest"> : never;

/** Writes a bundle as the one text that it has; `verifyBundle` takes that text and no other. */
export function writeExportFile(content: WithoutDigest<ExportFile>): string {
  return canonicalJson({ ...content, digest: sha256(canonicalJson(content)) });
}

/** What is wrong with a bundle, and where; nothing where every byte is as it was written. */
export type ExportFault = { readonly at: string; readonly message: string };

/**
 * Checks a bundle by itself, without a server: its text is canonical, its digest is that of the text, the entries of each
 * chain are numbered without a gap, each names the hash of the one before, each that can be read hashes to what it says and
 * is in the chain that it belongs to, and the last one is the head. A bundle that was forged as a whole has no fault: its
 * heads are to be compared with those that the case names. Never throws, whatever the text is.
 */
export function verifyExportFile(text: string): readonly ExportFault[] {
  let bundle: unknown;
  try {
    bundle = JSON.parse(text);
  } catch {
    return [{ at: "", message: "is no JSON" }];
  }
  if (!isExportFile(bundle)) {
    const message = `is no bundle of the formats ${Object.values(exportFormats).join(" and ")}`;
    return [{ at: "/format", message }];
  }
  const { digest, ...content } = bundle;
  const faults: ExportFault[] = [];
  if (canonicalJson(bundle) !== text.trimEnd()) faults.push({ at: "", message: "is not written as it was exported" });
  if (digest !== sha256(canonicalJson(content)))
    faults.push({ at: "/digest", message: "is not that of the bundle: something was changed" });
  return [...faults, ...entryFaults(bundle)];
}

function isExportFile(read: unknown): read is ExportFile {
  if (!isObject(read) || !isObject(read["case"]) || typeof read["case"]["id"] !== "string") return false;
  if (read["format"] === exportFormats.oneChain) return isChain(read);
  return read["format"] === exportFormats.ownChains && isChain(read["shared"]) && isChain(read["internal"]);
}

function isChain(read: unknown): boolean {
  return isObject(read) && Array.isArray(read["entries"]) && read["entries"].every(isObject);
}

function isObject(read: unknown): read is Record<string, unknown> {
  return typeof read === "object" && read !== null && !Array.isArray(read);
}

function* entryFaults(bundle: ExportFile): Iterable<ExportFault> {
  if (bundle.format === exportFormats.oneChain) {
    yield* chainFaults(bundle.case.id, bundle, "");
    return;
  }
  for (const chain of ["shared", "internal"] as const) {
    yield* chainFaults(bundle.case.id, bundle[chain], `/${chain}`);
    for (const [index, entry] of bundle[chain].entries.entries())
      if (!belongsToChain(entry, chain, bundle.exportedFor))
        yield { at: `/${chain}/entries/${index}`, message: "does not belong to this chain" };
  }
}

/** An internal chain is that of the company which the bundle was exported for. Only format 1 has entries that are hidden or unhashed. */
function belongsToChain(row: ReadableEntry, chain: "shared" | "internal", company: string): boolean {
  const { entry, hash } = row;
  if ("hidden" in row || hash === undefined || !isObject(entry) || entry.chain !== chain) return false;
  return chain === "shared" ? entry.audience !== "internal" : entry.actor?.party === company;
}

type AnyChain = { readonly entries: readonly ExportedEntry[]; readonly head?: string | undefined };

function* chainFaults(caseId: string, { entries, head }: AnyChain, place: string): Iterable<ExportFault> {
  let last: string | undefined;
  let number = 0;
  for (const [index, entry] of entries.entries()) {
    const at = `${place}/entries/${index}`;
    if (entry.number !== number + 1) yield { at, message: `should be number ${number + 1}: an entry is missing` };
    if (entry.hash === undefined && last !== undefined) yield { at, message: "has no hash, but the one before has" };
    if (entry.hash !== undefined && entry.previous !== last)
      yield { at, message: "does not follow on the entry before" };
    if (entry.hash !== undefined && !("hidden" in entry) && entry.hash !== hashOf(caseId, entry))
      yield { at, message: "does not hash to what it says: it was changed" };
    last = entry.hash;
    // What is no number at all is told once: the next one is held against where it stands.
    number = Number.isSafeInteger(entry.number) ? entry.number : index + 1;
  }
  if (head !== last) yield { at: `${place}/head`, message: "is not the last entry: entries are missing at the end" };
}

function hashOf(caseId: string, { number, previous, at, entry }: ReadableEntry): string {
  try {
    return entryHash(caseId, parseInstant(at), entry, { number, ...(previous !== undefined && { previous }) });
  } catch {
    return "";
  }
}
