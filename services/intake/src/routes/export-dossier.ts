import { exportedDossier, formatInstant } from "@crossline/contracts";
import {
  type ExportedChain,
  type ExportedEntry,
  type CaseState,
  type ReadableEntry,
  exportFormats,
  writeExportFile,
} from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Http, callerOf, isRefusal, refuse } from "@crossline/service";
import { onlyChain, sharedChain } from "../store/dossier.ts";
import { type ListedEntry, listChain, listContacts } from "../store/dossier-lists.ts";
import type { RouteDeps } from "./deps.ts";
import { openingContact, presentContact, presentedChain } from "./dossier.ts";
import { presentCase } from "../responses/present-case.ts";
import { caseParams, readVisible } from "./visible-case.ts";

/**
 * Serves `GET /v1/cases/{id}/dossier`. The response is an export file with everything in the case that the caller may read. The file
 * can be verified without a server.
 */
export function serveExport(http: Http, deps: RouteDeps): void {
  const { database } = deps;
  http.get(
    "/v1/cases/:id/dossier",
    {
      schema: {
        operationId: "exportDossier",
        summary: "Export the dossier; `crossline dossier verify` checks it without a server",
        params: caseParams,
        responses: { 200: { schema: exportedDossier } },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const visible = await readVisible(deps, request.params.id, caller, reply);
      if (isRefusal(visible)) return refuse(reply, visible);
      const { state, at } = visible;
      const { party } = caller;
      // The export omits contacts and entries that were added after intake read the case.
      const limits = { caseId: state.id, after: 0, limit: state.contacts - 1 };
      const [chains, contacts] = await Promise.all([
        readChains(database, state, party),
        listContacts(database, limits),
      ]);
      const text = writeExportFile({
        exportedAt: formatInstant(at),
        exportedFor: party,
        case: presentCase(state, at, party),
        contacts: [openingContact(state), ...contacts].map(presentContact),
        ...chains,
      });
      void reply.header("content-disposition", `attachment; filename="${state.id}.dossier.json"`);
      return reply.type("application/json; charset=utf-8").send(text);
    },
  );
}

/**
 * Returns the exported chains that a company may read. In export format 1, a case has a single chain, in which a hidden entry contains
 * only its hashes.
 */
async function readChains(database: Database, { id: caseId, entries, chain: head, chains }: CaseState, party: string) {
  if (chains === undefined) {
    const rows = await listChain(database, { caseId, chain: onlyChain, limit: entries });
    const format = exportFormats.oneChain;
    return { format, entries: rows.map((row) => bundle(row, party)), ...(head !== undefined && { head }) };
  }
  const own = chains[party];
  const [shared, internal] = await Promise.all([
    listChain(database, { caseId, chain: sharedChain, limit: entries }),
    own === undefined ? [] : listChain(database, { caseId, chain: party, limit: own.entries }),
  ]);
  return {
    format: exportFormats.ownChains,
    shared: chainOf(shared, head),
    internal: chainOf(internal, own?.head),
  };
}

function chainOf(rows: readonly ListedEntry[], head: string | undefined): ExportedChain {
  return { entries: rows.map(readable), ...(head !== undefined && { head }) };
}

/**
 * Returns an exported entry. For an internal entry of another company, returns only the number, and the hashes that connect the chain.
 */
function bundle(row: ListedEntry, party: string): ExportedEntry {
  if (row.audience === "internal" && row.author.party !== party) return { ...linkOf(row), hidden: true };
  return readable(row);
}

function linkOf({ number, previous, hash }: ListedEntry) {
  return { number, ...(previous !== null && { previous }), ...(hash !== null && { hash }) };
}

function readable(row: ListedEntry): ReadableEntry {
  const { at, author: actor, id: entryId, kind, audience, by, news } = row;
  const { text, step, fact, attachment, repeats, of, subject } = row;
  const content = { text, step, fact, attachment, repeats, of, subject };
  const given = Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
  const entry = { entryId, kind, audience, by, news, actor, ...presentedChain(row), ...given };
  return { ...linkOf(row), at: formatInstant(at), entry };
}
