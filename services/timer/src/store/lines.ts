import type { LineRef } from "@crossline/contracts";
import type { Tx } from "@crossline/postgres";

export type { CompiledLines as Lines } from "@crossline/projection/compiled-lines";

/** Returns the given version of a carrier's line, or the newest version. */
export async function findNewestLine(
  tx: Tx,
  carrier: string,
  name: string,
  version: number | undefined,
): Promise<LineRef | undefined> {
  const [row] = await tx.query<LineRef>({
    text: `
      -- timer.find-newest-line
      select carrier, name, version from line
      where carrier = $1 and name = $2 and version = coalesce($3, version)
      order by version desc limit 1`,
    values: [carrier, name, version ?? null],
  });
  return row;
}
