import { formatInstant } from "@crossline/contracts";
import { type BundledEntry, writeBundle } from "@crossline/domain";
import { type Http, callerOf, isRefusal, refuse } from "@crossline/service";
import { type ChainedRow, listChain, listContacts } from "../store/dossier-lists.ts";
import type { RouteDeps } from "./deps.ts";
import { openingContact, presentContact } from "./dossier.ts";
import { presentCase } from "./present-case.ts";
import { caseParams, findVisible } from "./visible-case.ts";

/** `GET /v1/cases/{id}/dossier`: all that the caller may see of a case, as one text that can be verified without us. */
export function serveExport(http: Http, { database }: RouteDeps): void {
  http.get(
    "/v1/cases/:id/dossier",
    {
      schema: {
        summary: "Take the dossier away; `crossline dossier verify` checks it without a server",
        tags: ["cases"],
        params: caseParams,
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const found = await findVisible(database, request.params.id, caller);
      if (isRefusal(found)) return refuse(reply, found);
      const { state, at } = found;
      // As many as the case had when it was read: what came since is not in its head either.
      const { id: caseId, entries, contacts: contactsMax } = state;
      const [rows, contacts] = await Promise.all([
        listChain(database, { caseId, limit: entries }),
        listContacts(database, { caseId, after: 0, limit: contactsMax - 1 }),
      ]);
      const text = writeBundle({
        exportedAt: formatInstant(at),
        exportedFor: caller.party,
        case: presentCase(state, at, caller.party),
        contacts: [openingContact(state), ...contacts].map(presentContact),
        entries: rows.map((row) => bundle(row, caller.party)),
        ...(state.chain !== undefined && { head: state.chain }),
      });
      void reply.header("content-disposition", `attachment; filename="${state.id}.dossier.json"`);
      return reply.type("application/json; charset=utf-8").send(text);
    },
  );
}

/** An internal entry of another company is a link in the chain, and no more. */
function bundle(row: ChainedRow, party: string): BundledEntry {
  const { number, previous, hash, at, author: actor, id: entryId, kind, audience, by, news } = row;
  const link = { number, ...(previous !== null && { previous }), ...(hash !== null && { hash }) };
  if (audience === "internal" && actor.party !== party) return { ...link, hidden: true };
  const { text, step, fact, attachment, repeats, of, subject } = row;
  const said = { text, step, fact, attachment, repeats, of, subject };
  const given = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== null));
  return { ...link, at: formatInstant(at), entry: { entryId, kind, audience, by, news, actor, ...given } };
}
