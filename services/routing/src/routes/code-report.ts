import { codeReport, timelineId } from "@crossline/contracts";
import { type Http, callerOf, send, setTimelineHeader } from "@crossline/service";
import { z } from "zod";
import { type CodeRow, countCodes } from "../store/codes.ts";
import type { RouteDeps } from "./deps.ts";

const querystring = z.strictObject({ timeline: timelineId.default("wall") });

/**
 * Registers `GET /v1/reports/codes`, which counts the codes of rejections, returns and transfers. A carrier reads the counts of
 * its own cases, and the operator reads the counts of all cases. Vendors cannot read the report, since it has the counts of other
 * vendors.
 */
export function serveCodeReport(http: Http, { allow, database }: RouteDeps): void {
  http.get(
    "/v1/reports/codes",
    {
      onRequest: allow("carrier", "operator"),
      schema: {
        operationId: "reportCodes",
        summary: "Count the codes of each vendor's rejections, returns and transfers, compared with the other vendors",
        querystring: querystring,
        response: { 200: codeReport },
      },
    },
    async (request, reply) => {
      const { party, kind } = callerOf(request);
      const { timeline } = request.query;
      setTimelineHeader(reply, timeline);
      const rows = await countCodes(database, { timeline, carrier: kind === "operator" ? undefined : party });
      return send(reply, 200, { items: rows.map(present) });
    },
  );
}

function present({ vendor, what, code, count, handoffs, peersCount, peersHandoffs }: CodeRow) {
  const share = percent(count, handoffs);
  const peersShare = peersHandoffs > 0 ? percent(peersCount, peersHandoffs) : undefined;
  const moreThanPeers = share > (peersShare ?? Infinity);
  return {
    vendor,
    what,
    code,
    count,
    handoffs,
    share,
    ...(peersShare !== undefined && { peersShare }),
    moreThanPeers,
  };
}

/** Returns a percentage, rounded to a tenth. */
function percent(part: number, whole: number): number {
  return Math.round((1000 * part) / whole) / 10;
}
