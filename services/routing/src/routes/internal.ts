import { caseId, partyId } from "@crossline/contracts";
import { readingOf, accessOf } from "@crossline/domain";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly } from "@crossline/service";
import { z } from "zod";
import { findCase } from "../store/case-crossings.ts";

export type InternalRouteDeps = {
  readonly database: Database;
  readonly internalKey: string;
};

/** `reads` is true if the company has or had a part in the case. */
const readerResponse = z.object({ reads: z.boolean() });

/** Registers `GET /internal/cases/{id}/readers/{party}`, which intake calls. */
export function serveInternal(http: Http, { database, internalKey }: InternalRouteDeps): void {
  const params = z.object({ id: caseId, party: partyId });
  http.get(
    "/internal/cases/:id/readers/:party",
    { onRequest: internalOnly(internalKey), schema: { hide: true, params, response: { 200: readerResponse } } },
    async (request) => {
      const { id, party } = request.params;
      const row = await findCase(database, id, party);
      return { reads: row !== undefined && accessOf(readingOf(row.state), party) !== "nothing" };
    },
  );
}
