import { headsAnswer, headsQuestion, refusal } from "@crossline/contracts";
import type { KeyHeadFinder } from "@crossline/messaging";
import type { Database } from "@crossline/postgres";
import { type Http, internalOnly, send } from "@crossline/service";

export type HeadsRouteDeps = {
  readonly database: Database;
  readonly internalKey: string;
  readonly findHeads: Readonly<Record<string, KeyHeadFinder>>;
};

/**
 * Serves `POST /internal/heads`. The owner of a topic names the last sequences of some cases. The answer comes from Postgres and not
 * over Kafka, so a client with a stolen Kafka password cannot change it.
 */
export function serveHeads(http: Http, { database, internalKey, findHeads }: HeadsRouteDeps): void {
  http.post(
    "/internal/heads",
    {
      onRequest: internalOnly(internalKey),
      schema: { hide: true, body: headsQuestion, response: { 200: headsAnswer } },
    },
    async (request, reply) => {
      const { topic, keys } = request.body;
      const find = findHeads[topic];
      if (find === undefined) return send(reply, 200, refusal("not_found", "This service does not own the topic."));
      const heads = await find(database, keys);
      return send(reply, 200, { heads: heads.map(({ key, sequence }) => ({ key, sequence })) });
    },
  );
}
