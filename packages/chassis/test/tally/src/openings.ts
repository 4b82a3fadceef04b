import type { EventData, ReceivedMessage } from "@crossline/contracts";
import type { Database, Tx } from "@crossline/postgres";
import type { Http } from "@crossline/service";
import { z } from "zod";

/** Counts the opened cases of a batch by carrier. An unknown carrier is a fault that parks the case. */
export async function applyOpenings(tx: Tx, events: readonly ReceivedMessage[]): Promise<void> {
  for (const { data } of events) {
    const { carrier } = data as EventData<"case.opened">;
    if (carrier === "unknown") throw new Error("the carrier is not known");
    await tx.query({
      text: `
        -- tally.count-opening
        insert into opening (carrier, cases) values ($1, 1)
        on conflict (carrier) do update set cases = opening.cases + 1`,
      values: [carrier],
    });
  }
}

/** Serves `GET /v1/openings/{carrier}`. */
export function serveOpenings(http: Http, { database }: { readonly database: Database }): void {
  const params = z.object({ carrier: z.string() });
  http.get("/v1/openings/:carrier", { schema: { hide: true, params } }, async (request) => {
    const [row] = await database.query<{ cases: number }>({
      text: "-- tally.read-opening\nselect cases from opening where carrier = $1",
      values: [request.params.carrier],
    });
    return { cases: row?.cases ?? 0 };
  });
}
