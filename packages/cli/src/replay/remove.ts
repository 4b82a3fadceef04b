import { setTimeout as delay } from "node:timers/promises";
import { type Database, connect } from "@crossline/postgres";
import { ResponseFault, type Client, createClient } from "../client.ts";
import { CommandFault } from "../fault.ts";
import type { Platform } from "../platform.ts";
import type { ServiceName, Settings } from "../services.ts";

/** Every replay uses this carrier. */
export const replayParty = "replayed-desk";

/** The services that store rows of an import. */
const servicesWithRows: readonly ServiceName[] = ["intake", "timer", "routing", "auditor", "insight", "console"];
const againMs = 100;
const patienceMs = 120_000;

type Place = Pick<Platform, "url" | "settings">;

export type RemovalCounts = { readonly imports: number; readonly keys: number };

/** Removes the data of all replays in an installation: the imports with their cases and lines, and the keys. */
export async function removeAllImports(place: Place): Promise<RemovalCounts> {
  const operator = createClient(place.url, place.settings.operatorKey);
  const imports = await listImports(operator);
  for (const id of imports) await removeImport(place, id);
  const keyIds = await listKeys(operator);
  for (const keyId of keyIds) await removeKey(operator, keyId);
  return { imports: imports.length, keys: keyIds.length };
}

/** Removes one import, and waits until every service has deleted its rows. */
export async function removeImport({ url, settings }: Place, id: string): Promise<void> {
  const operator = createClient(url, settings.operatorKey);
  await untilDone("removed", async () => {
    try {
      await operator.delete(`/v1/timelines/${id}`);
      return true;
    } catch (error) {
      // An earlier request removed the import, but its response was lost.
      if (error instanceof ResponseFault && error.status === 404) return true;
      // The interrupted import has not ended yet, or a service is restarting.
      if (error instanceof ResponseFault && error.status < 500 && error.status !== 409) throw error;
      return false;
    }
  });
  await untilDone("emptied", () => isEmptied(settings, id));
}

/** Removes a key of the replay carrier. Does nothing if the key does not exist. */
export async function removeKey(operator: Client, keyId: string): Promise<void> {
  try {
    await operator.delete(`/v1/parties/${replayParty}/keys/${keyId}`);
  } catch (error) {
    if (!(error instanceof ResponseFault && error.status === 404)) throw error;
  }
}

async function listImports(operator: Client): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: { items: { id: string; kind: string }[]; next?: string } = await operator.get(
      `/v1/timelines?owner=${replayParty}&limit=100${more}`,
    );
    ids.push(...page.items.filter(({ kind }) => kind === "import").map(({ id }) => id));
    cursor = page.next;
  }
  return ids;
}

async function listKeys(operator: Client): Promise<string[]> {
  for (let cursor: string | undefined = ""; cursor !== undefined;) {
    const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const page: { items: { party: string; keyIds: string[] }[]; next?: string } = await operator.get(
      `/v1/parties?limit=100${more}`,
    );
    const item = page.items.find(({ party }) => party === replayParty);
    if (item !== undefined) return item.keyIds;
    cursor = page.next;
  }
  return [];
}

/** Reads the tables of the services, because no route reports the progress of the deletion. */
async function isEmptied({ databaseUrls }: Settings, id: string): Promise<boolean> {
  for (const schema of servicesWithRows) {
    const database = connect({ url: databaseUrls[schema], schema, applicationName: "crossline-replay", poolMax: 1 });
    const isDone = await hasEmptied(database, id).finally(() => database.close());
    if (!isDone) return false;
  }
  return true;
}

/** A service that has never started has no tables, and so no rows. The benchmarks start only some services. */
async function hasEmptied(database: Database, id: string): Promise<boolean> {
  const [table] = await database.query<{ isMissing: boolean }>({
    text: `-- replay.is-missing
      select to_regclass('removed_timeline') is null as "isMissing"`,
  });
  if (table?.isMissing === true) return true;
  const rows = await database.query({
    text: `-- replay.is-emptied
      select 1 from removed_timeline where timeline = $1 and emptied_at is not null`,
    values: [id],
  });
  return rows.length > 0;
}

async function untilDone(what: string, isDone: () => Promise<boolean>): Promise<void> {
  for (const deadline = performance.now() + patienceMs; !(await isDone()); await delay(againMs)) {
    if (performance.now() > deadline)
      throw new CommandFault(
        `The import was not ${what} within two minutes. npx -y pnpm crossline replay --remove retries it.`,
      );
  }
}
