import { newId, topics, wall } from "@crossline/contracts";
import { type Database, ForeignDataError, type Tx, now } from "@crossline/postgres";
import { backoffMs, pause } from "./backoff.ts";
import type { Broker } from "./broker.ts";
import { KafkaRefusedError, refusedMaxMs } from "./kafka/fault.ts";
import { appendToOutbox } from "./outbox.ts";
import { fromWire } from "./wire.ts";

const type = "installation.recorded";

// The partition that always gets the record of the installation id, so that a start reads only this partition.
const partition = 0;

/** The dependencies of `checkInstallation`. */
export type InstallationDeps = {
  /** The database of the service, with its schema migrated. */
  readonly database: Database;
  /** The broker, on which `ensureTopics` has created the party topic. */
  readonly broker: Broker;
  /** True only for intake, which creates and publishes the installation id. */
  readonly isOwner: boolean;
};

/**
 * Checks that PostgreSQL and Kafka belong to one installation. A service calls this function at each start, after
 * `ensureTopics` and before it sends or reads records. Throws a ForeignDataError if the party topic names another
 * installation than this schema. In the owner, the function also throws if the schema is new but the topic has records.
 * A new schema takes its installation id from the topic. If the topic has no id, the owner appends an id to its outbox.
 * With the in-process broker the function compares nothing, because that broker keeps no records.
 */
export async function checkInstallation({ database, broker, isOwner }: InstallationDeps): Promise<void> {
  if (broker.readPartition === undefined) return;
  const published = await retryRefused(() => findPublishedId(broker));
  await database.transaction(async (tx) => {
    const own = await readInstallation(tx);
    const isOther = published.id !== undefined && own !== undefined && published.id !== own;
    if (isOther || (isOwner && own === undefined && published.records > 0))
      throw new ForeignDataError("Kafka holds the records of another installation than this database");
    if (published.id !== undefined) await saveInstallation(tx, published.id);
    else if (isOwner) await publishInstallation(tx, newId("ins"));
  });
}

/** Saves the id from the party topic if the schema has none. The consumers of the party topic call this function. */
export async function saveInstallation(tx: Tx, id: string): Promise<void> {
  await tx.query({
    text: `
      -- installation.save
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

/**
 * If two replicas start at once, only one id is saved. Both replicas publish the saved id, so the topic contains two
 * records of this id.
 */
async function publishInstallation(tx: Tx, fresh: string): Promise<void> {
  await saveInstallation(tx, fresh);
  const installation = (await readInstallation(tx)) ?? fresh;
  const time = await now(tx);
  const place = { topic: topics.party, key: "installation", partition, sequence: 1 };
  await appendToOutbox(tx, [{ ...place, type, time, timeline: wall, data: { installation } }]);
}

/**
 * The record of the installation id is normally the first record of the partition. If compaction removed an earlier
 * copy, other records precede this record.
 */
async function findPublishedId(broker: Broker): Promise<{ readonly id?: string; readonly records: number }> {
  let count = 0;
  for await (const record of broker.readPartition?.({ topic: topics.party, partition }) ?? []) {
    count++;
    const read = fromWire(record, new Set([type]));
    if (!read.ok || read.skipped || read.event.type !== type) continue;
    return { id: (read.event.data as { installation: string }).installation, records: count };
  }
  return { records: count };
}

/** Retries a read that Kafka refuses, because right after the start of Kafka the rights may not be loaded yet. */
async function retryRefused<T>(read: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + refusedMaxMs;
  for (let attempt = 0; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof KafkaRefusedError) || performance.now() > deadline) throw error;
    }
    await pause(backoffMs(attempt, 100, 1_000));
  }
}
