import { type PoolDocument, type Refusal, refusal } from "@crossline/contracts";
import { nearestName } from "@crossline/domain";
import { type Database, now } from "@crossline/postgres";
import { type PoolRow, countOtherPools, lockPools, savePool } from "../store/pools.ts";
import { listRosters, newestVersions } from "../store/rosters.ts";

const poolsMax = 100;
const rostersMax = 1_000;

/** Creates a pool of a party, or replaces its document. Every roster of the document must be published by the party. */
export async function setPool(
  database: Database,
  party: string,
  name: string,
  document: PoolDocument,
): Promise<PoolRow | Refusal> {
  const unknown = await unknownRosters(database, party, document);
  if (unknown !== undefined) return unknown;
  return database.transaction(async (tx) => {
    await lockPools(tx, party);
    if ((await countOtherPools(tx, party, name)) >= poolsMax)
      return refusal("limit_reached", `A company can have at most ${poolsMax} pools.`);
    const row: PoolRow = { party, name, document, changedAt: await now(tx) };
    await savePool(tx, row);
    return row;
  });
}

async function unknownRosters(
  database: Database,
  party: string,
  { rosters }: PoolDocument,
): Promise<Refusal | undefined> {
  const versions = await newestVersions(
    database,
    rosters.map((roster) => `${party}.${roster}`),
  );
  const published = new Set(versions.map(({ roster }) => roster));
  const missing = rosters.flatMap((roster, index) => (published.has(`${party}.${roster}`) ? [] : [{ roster, index }]));
  if (missing.length === 0) return undefined;
  const own = (await listRosters(database, party, "", rostersMax)).map((row) => row.name);
  const fields = missing.map(({ roster, index }) => {
    const nearest = nearestName(roster, own);
    const hint = nearest === undefined ? "" : `; the nearest name is ${nearest}`;
    return { at: `/rosters/${index}`, message: `you have published no roster named ${roster}${hint}` };
  });
  return refusal("unknown_roster", `You have published no roster named ${missing[0]?.roster}.`, { fields });
}
