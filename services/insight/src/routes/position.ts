import { refusal } from "@crossline/contracts";
import { type Http, internalOnly, refuse } from "@crossline/service";
import { rebuild } from "../commands/rebuild.ts";
import { presentPosition } from "../commands/report.ts";
import { readPosition } from "../store/positions.ts";
import type { RouteDeps } from "./deps.ts";

/**
 * Registers two internal routes. `GET /internal/position` shows an operator how far insight has read the topics, and
 * `POST /internal/rebuild` makes insight read all topics from their first record.
 */
export function servePosition(http: Http, deps: RouteDeps): void {
  const { database, internalKey, partitions, keepsRecords, behind, onReset } = deps;
  const onRequest = internalOnly(internalKey);

  http.get("/internal/position", { onRequest, schema: { hide: true } }, async () => ({
    ...presentPosition(await readPosition(database, partitions)),
    behind: behind(),
  }));

  http.post("/internal/rebuild", { onRequest, schema: { hide: true } }, async (_request, reply) => {
    if (!keepsRecords) {
      const detail = "The in-process broker keeps no records, so insight cannot read them again.";
      return refuse(reply, refusal("illegal_transition", detail));
    }
    await rebuild(database);
    onReset();
    return reply.code(202).send({ state: "rebuilding" });
  });
}
