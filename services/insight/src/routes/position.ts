import { type Http, internalOnly } from "@crossline/service";
import { presentPosition } from "../commands/report.ts";
import { readPosition } from "../store/positions.ts";
import type { RouteDeps } from "./deps.ts";

/** Registers `GET /internal/position`, which shows an operator how far insight has read the topics. */
export function servePosition(http: Http, { database, internalKey }: RouteDeps): void {
  http.get("/internal/position", { onRequest: internalOnly(internalKey), schema: { hide: true } }, async () => {
    const position = await readPosition(database);
    return { ...presentPosition(position), partitions: position.partitions };
  });
}
