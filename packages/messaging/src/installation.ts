import { newId, topics, wall } from "@crossline/contracts";
import { type Database, ForeignDataError, type Tx, now } from "@crossline/postgres";
import type { Broker } from "./broker.ts";
import { appendToOutbox } from "./outbox.ts";
import { fromWire } from "./wire.ts";

const type = "installation.recorded";

/** The record lies in one partition, whatever its key: a start reads no other. */
const partition = 0;

export type InstallationDeps = {
  /** Of the service's schema, migrated. */
  readonly database: Database;
  /** The party topic must be there (`ensureTopics`). */
  readonly broker: Broker;
  /** The service that makes and publishes the id: intake. */
  readonly isOwner: boolean;
};

/**
 * Makes sure that PostgreSQL and Kafka belong to one installation; to be called at each start, after `ensureTopics` and before
 * anything is sent or read. Throws a ForeignDataError where the party topic names another installation than this schema, or, for the
 * owner, where the schema is new and the topic is not. A new schema takes the id of the topic; where the topic has none, the owner
 * appends it to its outbox. Nothing to compare in memory, where the broker keeps no records.
 */
export async function checkInstallation({ database, broker, isOwner }: InstallationDeps): Promise<void> {
  if (broker.readPartition === undefined) return;
  const found = await findPublishedId(broker.readPartition({ topic: topics.party, partition }));
  await database.transaction(async (tx) => {
    const own = await readInstallation(tx);
    const isOther = found.id !== undefined && own !== undefined && found.id !== own;
    if (isOther || (isOwner && own === undefined && found.records > 0))
      throw new ForeignDataError("Kafka holds the records of another installation than this database");
    if (found.id !== undefined) await saveInstallation(tx, found.id);
    else if (isOwner) await publishInstallation(tx, newId("ins"));
  });
}

/** Keeps the id that the party topic names, where the schema has none; for consumers of that topic. */
export async function saveInstallation(tx: Tx, id: string): Promise<void> {
  await tx.query({
    text: `
      -- installation.keep
      insert into installation (id) values ($1) on conflict do nothing`,
    values: [id],
  });
}

async function readInstallation(tx: Tx): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }>({
    text: `
      -- installation.read
      select id from installation`,
  });
  return row?.id;
}

/** Two replicas that start at once keep one id, and publish the same record twice. */
async function publishInstallation(tx: Tx, fresh: string): Promise<void> {
  await saveInstallation(tx, fresh);
  const installation = (await readInstallation(tx)) ?? fresh;
  const time = await now(tx);
  const place = { topic: topics.party, key: "installation", partition, sequence: 1 };
  await appendToOutbox(tx, [{ ...place, type, time, timeline: wall, data: { installation } }]);
}

/** Normally it is the first record. Behind others it lies where compaction removed an earlier copy of it. */
async function findPublishedId(
  records: ReturnType<NonNullable<Broker["readPartition"]>>,
): Promise<{ readonly id?: string; readonly records: number }> {
  let count = 0;
  for await (const record of records) {
    count++;
    const read = fromWire(record, new Set([type]));
    if (!read.ok || read.skipped || read.event.type !== type) continue;
    return { id: (read.event.data as { installation: string }).installation, records: count };
  }
  return { records: count };
}
