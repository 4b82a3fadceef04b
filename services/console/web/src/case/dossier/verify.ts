import { canonicalJson } from "@crossline/domain/canonical";

/** A dossier in an export file, as far as the check needs it. */
export type ExportedDossier = {
  readonly format: string;
  readonly digest: string;
  readonly exportedAt: string;
  readonly case: { readonly id: string; readonly version: number };
  readonly shared?: ExportedChain;
  readonly internal?: ExportedChain;
};

type ExportedChain = { readonly entries: readonly ChainedEntry[]; readonly head?: string };

type ChainedEntry = {
  readonly number: number;
  readonly previous?: string;
  readonly hash?: string;
  readonly at: string;
  readonly entry: Readonly<Record<string, unknown>>;
};

/** The result of the check: the number of the entries in the chains, and the faults. A sound file has no faults. */
export type ChainCheck = { readonly entries: number; readonly faults: readonly string[] };

/** True if the browser can hash. Browsers hash only on pages from a secure address. */
export const canHash = globalThis.crypto?.subtle !== undefined;

/**
 * Checks an export file of format 2 in the browser as `crossline dossier verify` does. It checks the digest of the file and, in each chain,
 * the numbers, the links and the hashes. `heads` are the heads that the case names, because a forged file can have right hashes.
 */
export async function verifyDossier(
  file: ExportedDossier,
  heads: { readonly shared: string | undefined; readonly internal: string | undefined },
): Promise<ChainCheck> {
  if (file.format !== "crossline.dossier/2" || file.shared === undefined || file.internal === undefined) {
    return { entries: 0, faults: [`The format ${file.format} is checked only by crossline dossier verify.`] };
  }
  const { digest, ...content } = file;
  const faults = digest === (await sha256(canonicalJson(content))) ? [] : ["The digest does not match the file."];
  const chains = [
    ["shared", file.shared],
    ["internal", file.internal],
  ] as const;
  for (const [name, chain] of chains) {
    faults.push(...(await chainFaults(file.case.id, name, chain)));
    if (chain.head !== heads[name]) faults.push(`The ${name} chain does not end with the head that the case names.`);
  }
  return { entries: file.shared.entries.length + file.internal.entries.length, faults };
}

async function chainFaults(caseId: string, name: string, { entries, head }: ExportedChain): Promise<string[]> {
  const hashes = await Promise.all(entries.map((entry) => entryHash(caseId, entry)));
  const faults = entries.flatMap(({ number, previous, hash }, index) => {
    const before = entries[index - 1]?.hash;
    if (number !== index + 1) return [`Entry ${index + 1} of the ${name} chain is missing.`];
    if (previous !== before) return [`Entry ${number} of the ${name} chain does not follow the previous entry.`];
    return hash === hashes[index] ? [] : [`Entry ${number} of the ${name} chain does not match its hash.`];
  });
  return head === entries.at(-1)?.hash ? faults : [...faults, `Entries are missing at the end of the ${name} chain.`];
}

async function entryHash(caseId: string, { number, previous, at, entry }: ChainedEntry): Promise<string> {
  const { subject, erased, ...told } = entry as { readonly subject?: unknown; readonly erased?: string };
  const covered = subject === undefined ? erased : await sha256(canonicalJson(subject));
  return sha256(canonicalJson({ caseId, at, number, previous, subject: covered, ...told }));
}

async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toHex();
}
