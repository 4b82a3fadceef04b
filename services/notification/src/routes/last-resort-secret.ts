import { lastResortSecret } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { callerOf, type Http, send } from "@crossline/service";
import { lastResortSecrets } from "../store/last-resort-secret.ts";

/** `/v1/last-resort-secret`: what a carrier verifies the calls of its lines' last resort with, and any party the pages of its rosters. */
export function lastResortSecretRoute(http: Http, { database }: { readonly database: Database }): void {
  http.get("/v1/last-resort-secret", { schema: { response: { 200: lastResortSecret } } }, async (request, reply) => {
    const { party } = callerOf(request);
    const secrets = await database.transaction((tx) => lastResortSecrets(tx, [party]));
    return send(reply, 200, { secret: secrets.get(party) ?? "" });
  });
}
