import { formatInstant } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly } from "@crossline/service";
import { z } from "zod";
import { countFindings, findingKinds } from "../commands/report.ts";
import { listFindings } from "../store/findings.ts";
import { countBehindMarks } from "../store/marks.ts";
import { readTallies } from "../store/tallies.ts";
import { readWatermarks } from "../store/watermarks.ts";

const list = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  kind: z.enum(findingKinds).optional(),
  caseId: z.string().max(200).optional(),
});

/**
 * Registers two internal routes. `GET /internal/audit` returns the counts and watermarks, and `GET /internal/audit/findings` returns
 * the latest findings.
 */
export function serveAudit(http: Http, { database, internalKey }: { database: Database; internalKey: string }): void {
  const onRequest = internalOnly(internalKey);

  http.get("/internal/audit", { onRequest, schema: { hide: true } }, async () => {
    const [tallies, { findings }, watermarks, behindMarks] = await Promise.all([
      readTallies(database),
      countFindings(database),
      readWatermarks(database),
      countBehindMarks(database),
    ]);
    const sum = (what: string): number => of(what).reduce((total, { count }) => total + count, 0);
    const of = (what: string) => tallies.filter((tally) => tally.what === what);
    const byKind = (what: string) => Object.fromEntries(of(what).map(({ kind, count }) => [kind, count]));
    return {
      told: byKind("told"),
      overtaken: sum("overtaken"),
      unsure: sum("unsure"),
      unaudited: byKind("unaudited"),
      behindMarks,
      findings,
      watermarks: watermarks.map(({ partition, until, beatAt }) => ({
        partition,
        until: formatInstant(until),
        beatAt: formatInstant(beatAt),
      })),
    };
  });

  http.get("/internal/audit/findings", { onRequest, schema: { hide: true, querystring: list } }, async (request) => {
    const rows = await listFindings(database, request.query);
    return { findings: rows.map(({ foundAt, ...finding }) => ({ ...finding, foundAt: formatInstant(foundAt) })) };
  });
}
