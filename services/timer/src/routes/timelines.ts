import { formatInstant, timelineId, timelineReport } from "@crossline/contracts";
import { counts } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly } from "@crossline/service";
import { z } from "zod";
import { earliestDueOf } from "../store/earliest-due.ts";
import type { Lines } from "../store/lines.ts";

export type TimelineRouteDeps = {
  readonly database: Database;
  readonly lines: Lines;
  readonly internalKey: string;
  readonly partitions: number;
};

/** `GET /internal/timelines/:id`: what the driver of a stepped timeline must know to tell that it is quiet. */
export function serveTimelines(http: Http, { database, lines, internalKey, partitions }: TimelineRouteDeps): void {
  http.get(
    "/internal/timelines/:id",
    {
      onRequest: internalOnly(internalKey),
      schema: {
        hide: true,
        params: z.object({ id: timelineId }),
        response: { 200: timelineReport },
      },
    },
    async (request) => {
      const { id } = request.params;
      return database.transaction(async (tx) => {
        const [counted, earliest] = await Promise.all([counts(tx, id), earliestDueOf(tx, lines, id, partitions)]);
        return { ...counted, ...(earliest !== undefined && { earliestDue: formatInstant(earliest) }) };
      });
    },
  );
}
