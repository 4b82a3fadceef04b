import { type EventData, sha256 } from "@crossline/contracts";
import {
  type ExportedEntry,
  type CaseCommand,
  type CaseState,
  type ReadableEntry,
  builtinRef,
  exportFormats,
  canonicalJson,
  commandCase,
  isRefused,
  openCase,
  openReading,
  writeExportFile,
} from "../../src/index.ts";
import { at, caseId } from "../given.ts";

type EntryCommand = Extract<CaseCommand, { type: "add-entry" }>;

export const rep = { party: "northtel", person: "rep-1", automated: false };
export const technician = { party: "quill", person: "tech-1", automated: false };

/** Returns a case with an empty dossier, in which three companies have a part. */
export function openedCase(more: Partial<Parameters<typeof openCase>[0]> = {}): CaseState {
  const opening = {
    id: caseId,
    timeline: "stp_0000000000000000000000000a",
    line: builtinRef,
    lineReason: "builtin",
    status: "acknowledged",
    carrierCaseId: "NT-1",
    kind: "fault",
    severity: "minor",
    title: "No broadband",
    channel: "phone",
    ...more,
  } as const;
  const { state } = openCase(opening, rep, at("09:00"));
  const vendors = ["quill", "lumen"];
  return { ...state, reading: { ...openReading(state.carrier), vendors, joint: [state.carrier, ...vendors] } };
}

let last = 0;
/** Returns a command that adds an entry. */
export function entry(more: Partial<EntryCommand> = {}): EntryCommand {
  const entryId = `en_${++last}`;
  return { type: "add-entry", entryId, kind: "note", audience: "partners", by: "party", news: true, ...more };
}

/** Returns a case that was opened before each company had its own chain. */
export function olderCase(): CaseState {
  const { chains: _, ...older } = openedCase();
  return older;
}

/** Adds entries in order, and returns the case and the published entries. */
export function write(
  state: CaseState,
  commands: readonly (EntryCommand & { readonly author?: typeof rep })[],
): { readonly state: CaseState; readonly entries: readonly EventData<"entry.added">[] } {
  const added: EventData<"entry.added">[] = [];
  let after = state;
  for (const { author = rep, ...one } of commands) {
    const outcome = commandCase(after, one, author, at("09:10"));
    if (isRefused(outcome)) throw new Error(outcome.refused.detail);
    after = outcome.state;
    added.push(...outcome.messages.map(({ data }) => data as EventData<"entry.added">));
  }
  return { state: after, entries: added };
}

/** Returns the export file of a case with one chain. The file contains only the hash of each entry whose index is in `hidden`. */
export function oneChainFile(commands: readonly EntryCommand[], hidden: ReadonlySet<number> = new Set()): string {
  const { state, entries } = write(olderCase(), commands);
  return writeExportFile({
    format: exportFormats.oneChain,
    exportedAt: "2026-03-07T15:00:00Z",
    exportedFor: "quill",
    case: { id: state.id, title: state.title },
    contacts: [{ number: 1, channel: "phone" }],
    entries: entries.map(({ number = 0, previous, hash, ...said }, index): ExportedEntry => {
      const link = { number, previous, hash };
      return hidden.has(index) ? { ...link, hidden: true } : { ...link, at: "2026-03-07T14:10:00Z", entry: said };
    }),
    head: state.chain,
  });
}

/** Returns the export file that a company reads of a case with these entries: the shared chain and the company's internal chain. */
export function exportFileFor(
  company: string,
  commands: readonly (EntryCommand & { readonly author?: typeof rep })[],
): string {
  const { state, entries } = write(openedCase(), commands);
  const chained = (chain: "shared" | "internal"): ReadableEntry[] =>
    entries
      .filter((one) => one.chain === chain && (chain === "shared" || one.actor.party === company))
      .map(({ number = 0, previous, hash, ...said }) => ({
        number,
        previous,
        hash,
        at: "2026-03-07T14:10:00Z",
        entry: said,
      }));
  return writeExportFile({
    format: exportFormats.ownChains,
    exportedAt: "2026-03-07T15:00:00Z",
    exportedFor: company,
    case: { id: state.id, title: state.title },
    contacts: [{ number: 1, channel: "phone" }],
    shared: { entries: chained("shared"), head: state.chain },
    internal: { entries: chained("internal"), head: state.chains?.[company]?.head },
  });
}

/** Returns a forged export file with a correct digest. */
export function forge(text: string, change: (file: any) => void): string {
  const { digest: _, ...content } = JSON.parse(text) as Record<string, unknown>;
  change(content);
  return canonicalJson({ ...content, digest: sha256(canonicalJson(content)) });
}
