import { formatInstant } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly } from "@crossline/service";
import { readPosition } from "../store/positions.ts";

/** Registers `GET /internal/position`, which shows an operator how far insight has read the topics. */
export function servePosition(
  http: Http,
  { database, internalKey }: { database: Database; internalKey: string },
): void {
  http.get("/internal/position", { onRequest: internalOnly(internalKey), schema: { hide: true } }, async () => {
    const { readUntil, partitions } = await readPosition(database);
    return readUntil === null
      ? { state: "rebuilding", partitions }
      : { state: "current", partitions, readUntil: formatInstant(readUntil) };
  });
}
