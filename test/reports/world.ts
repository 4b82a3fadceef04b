import type { ReceivedMessage } from "@crossline/contracts";
import { apply } from "@crossline/insight/facts";
import { type Database, connect, toSql } from "@crossline/postgres";
import { freshDatabase } from "@crossline/testing";

/** A database with insight's tables, and a table with all records of the histories for the second computation. */
export type ReportWorld = {
  readonly insight: Database;
  /** Reads the records of the histories: `record (timeline, case_id, topic, sequence, type, at, data)`. */
  readonly records: Database;
  /** Applies the records with insight's consumer, and stores them unchanged for the second computation. */
  readonly publish: (records: readonly ReceivedMessage[]) => Promise<void>;
  readonly stop: () => Promise<void>;
};

const batch = 4_000;

/** Creates a world without records. */
export async function createReportWorld(): Promise<ReportWorld> {
  const fresh = await freshDatabase("insight");
  const insight = connect(fresh.options("insight"));
  const records = await openRecords(fresh.url);
  return {
    insight,
    records,
    async publish(all) {
      for (let from = 0; from < all.length; from += batch) {
        const part = all.slice(from, from + batch);
        await Promise.all([insight.transaction((tx) => apply(tx, part)), storeRecords(records, part)]);
      }
    },
    async stop() {
      await Promise.all([insight.close(), records.close()]);
      await fresh.drop();
    },
  };
}

/** Creates the empty table of the records in a database. */
export async function openRecords(url: string): Promise<Database> {
  const records = connect({ url, schema: "public", applicationName: "crossline-proof" });
  await records.query({
    text: `create table record (timeline text, case_id text, topic text, sequence integer, type text, at timestamptz, data jsonb)`,
  });
  await records.query({ text: "create index on record (case_id, type)" });
  return records;
}

/** Stores records unchanged for the second computation. */
export async function storeRecords(database: Database, records: readonly ReceivedMessage[]): Promise<void> {
  await database.query({
    name: "proof.store",
    text: `insert into record select * from unnest($1::text[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::timestamptz[], $7::jsonb[])`,
    values: [
      records.map(({ timeline }) => timeline),
      records.map(({ key }) => key),
      records.map(({ topic }) => topic),
      records.map(({ sequence }) => sequence),
      records.map(({ type }) => type),
      records.map(({ time }) => toSql(time)),
      records.map(({ data }) => JSON.stringify(data)),
    ],
  });
}
