import { refusal } from "@crossline/contracts";
import { resetInbox } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly, refuse } from "@crossline/service";
import { deleteProjection, presentPosition, readPosition } from "./position-rows.ts";

export type RebuildDeps = {
  readonly database: Database;
  readonly internalKey: string;
  readonly partitions: number;
  /** The tables whose content follows from the topics. */
  readonly tables: readonly string[];
  /** True if the broker keeps records, so that the service can read them again. */
  readonly keepsRecords: boolean;
  /** The number of records that this process has not applied yet. */
  readonly behind: () => number;
  /** Runs after a reset of the inbox. */
  readonly onReset: () => void;
};

/**
 * Registers two internal routes of a service that owns only a projection of the topics. `GET /internal/position` shows an operator how
 * far the service has read the topics, and `POST /internal/rebuild` makes the service read all topics from their first record.
 */
export function serveRebuild(http: Http, deps: RebuildDeps): void {
  const { database, internalKey, partitions, keepsRecords, behind, onReset } = deps;
  const onRequest = internalOnly(internalKey);

  http.get("/internal/position", { onRequest, schema: { hide: true } }, async () => ({
    ...presentPosition(await readPosition(database, partitions)),
    behind: behind(),
  }));

  http.post("/internal/rebuild", { onRequest, schema: { hide: true } }, async (_request, reply) => {
    if (!keepsRecords) {
      const detail = "The in-process broker keeps no records, so the service cannot read them again.";
      return refuse(reply, refusal("illegal_transition", detail));
    }
    await rebuild(database, deps.tables);
    onReset();
    return reply.code(202).send({ state: "rebuilding" });
  });
}

/**
 * Deletes the projection and the positions of the inbox, in one transaction. Every process then reads the topics from their first
 * record. A crash during the reading loses nothing, because the reading continues at the saved position.
 */
async function rebuild(database: Database, tables: readonly string[]): Promise<void> {
  await database.transaction(async (tx) => {
    await resetInbox(tx);
    await deleteProjection(tx, tables);
  });
}
