import { parseInstant, sha256 } from "@crossline/contracts";
import { canonicalJson } from "./canonical.ts";
import { type ChainedEntry, entryHash } from "./chain.ts";

/** The formats of an export file: one chain for all entries of a case, or a shared chain and the reader's internal chain. */
export const exportFormats = { oneChain: "crossline.dossier/1", ownChains: "crossline.dossier/2" } as const;

/** An entry with its content and its place in the chain. */
export type ReadableEntry = {
  readonly number: number;
  readonly previous?: string | undefined;
  /** Absent for an entry that is older than the first chains. */
  readonly hash?: string | undefined;
  readonly at: string;
  readonly entry: ChainedEntry;
};

/** An entry in a file with one chain. If the reader may not read the entry, the file contains only the place of the entry. */
export type ExportedEntry = ReadableEntry | (Omit<ReadableEntry, "at" | "entry"> & { readonly hidden: true });

/**
 * A chain in an export file. `head` is the hash of the last entry. The case and the last event `entry.added` contain the same
 * hash.
 */
export type ExportedChain = { readonly entries: readonly ReadableEntry[]; readonly head?: string | undefined };

type ExportHeader = {
  readonly exportedAt: string;
  readonly exportedFor: string;
  readonly case: { readonly id: string } & Readonly<Record<string, unknown>>;
  readonly contacts: readonly unknown[];
  /** SHA-256 of the canonical JSON of all other members. */
  readonly digest: string;
};

/** The dossier of a case in a file: the case, its contacts, its entries and a digest of all of them. */
export type ExportFile = ExportHeader &
  (
    | {
        readonly format: typeof exportFormats.oneChain;
        readonly entries: readonly ExportedEntry[];
        readonly head?: string | undefined;
      }
    /** `internal`: the internal chain of the company for which the file was exported. */
    | {
        readonly format: typeof exportFormats.ownChains;
        readonly shared: ExportedChain;
        readonly internal: ExportedChain;
      }
  );

type WithoutDigest<B> = B extends ExportFile ? Omit<B, "digest"> : never;

/** Returns the text of an export file with its digest. `verifyExportFile` accepts exactly this text of the export file. */
export function writeExportFile(content: WithoutDigest<ExportFile>): string {
  return canonicalJson({ ...content, digest: sha256(canonicalJson(content)) });
}

/** A fault of an export file and its place. */
export type ExportFault = { readonly at: string; readonly message: string };

/**
 * Checks an export file without a server. Returns the faults of the file; an unchanged file has no faults. Never throws.
 *
 * In a file without faults, the text is canonical and the digest is right. In each chain, the entries are numbered without
 * gaps, and each entry names the hash of the previous entry. Each readable entry has the right hash and belongs to its chain,
 * and the last entry is the head. A completely forged file can also have no faults, so compare its heads with the heads that
 * the case names.
 */
export function verifyExportFile(text: string): readonly ExportFault[] {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch {
    return [{ at: "", message: "is not JSON" }];
  }
  if (!isExportFile(file)) {
    const message = `is not an export file of the format ${Object.values(exportFormats).join(" or ")}`;
    return [{ at: "/format", message }];
  }
  const { digest, ...content } = file;
  const faults: ExportFault[] = [];
  if (canonicalJson(file) !== text.trimEnd()) faults.push({ at: "", message: "is not the exported text" });
  if (digest !== sha256(canonicalJson(content)))
    faults.push({ at: "/digest", message: "is not the digest of this file: the file was changed" });
  return [...faults, ...entryFaults(file)];
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

function* entryFaults(file: ExportFile): Iterable<ExportFault> {
  if (file.format === exportFormats.oneChain) {
    yield* chainFaults(file.case.id, file, "");
    return;
  }
  for (const chain of ["shared", "internal"] as const) {
    yield* chainFaults(file.case.id, file[chain], `/${chain}`);
    for (const [index, entry] of file[chain].entries.entries())
      if (!belongsToChain(entry, chain, file.exportedFor))
        yield { at: `/${chain}/entries/${index}`, message: "does not belong to this chain" };
  }
}

/**
 * Returns true if an entry belongs to the chain. The internal chain in a file belongs to the company for which the file was
 * exported. Only format 1 has entries that are hidden or have no hash.
 */
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
    if (entry.number !== number + 1) yield { at, message: `must be number ${number + 1}: an entry is missing` };
    if (entry.hash === undefined && last !== undefined)
      yield { at, message: "has no hash, but the previous entry has one" };
    if (entry.hash !== undefined && entry.previous !== last)
      yield { at, message: "does not follow the previous entry" };
    if (entry.hash !== undefined && !("hidden" in entry) && entry.hash !== hashOf(caseId, entry))
      yield { at, message: "does not match its hash: it was changed" };
    last = entry.hash;
    // If an entry's number is not a whole number, the next expected number follows from the place in the list. The verification
    // then reports only one fault for this entry.
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
