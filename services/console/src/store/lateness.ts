import { type ServiceOperation, formatInstant } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

type Row = {
  readonly since: number;
  readonly firings: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
};

/** Returns the lateness of the firings of the last 24 hours on the wall timeline. Firings on other timelines have no lateness. */
export async function readLateness(tx: Tx): Promise<Pick<ServiceOperation, "lateness">> {
  const [row] = await tx.query<Row>({
    name: "console.read-lateness",
    text: `
      -- console.read-lateness
      select statement_timestamp() - interval '24 hours' as since, count(*)::integer as firings,
        percentile_disc(0.5) within group (order by (data ->> 'latenessMs')::bigint) as "p50Ms",
        percentile_disc(0.99) within group (order by (data ->> 'latenessMs')::bigint) as "p99Ms"
      from fact where at > statement_timestamp() - interval '24 hours' and topic = 'clock' and data ? 'latenessMs'`,
  });
  if (row === undefined) return {};
  const { since, firings, p50Ms, p99Ms } = row;
  return {
    lateness: {
      since: formatInstant(since),
      firings,
      ...(p50Ms !== null && { p50Ms }),
      ...(p99Ms !== null && { p99Ms }),
    },
  };
}
