import type { Instant } from "@crossline/contracts";
import { type Database, connect } from "@crossline/postgres";
import { runMigrations } from "graphile-worker";
import { PgBoss } from "pg-boss";
import { createDatabase } from "./timers-cases.ts";
import type { ReferenceRole } from "./timers-reference.ts";

export type ReferenceName = ReferenceRole["program"];

export type ReferenceDatabase = {
  readonly url: string;
  /** Stores delayed jobs with the program's own way of adding many jobs. */
  arm(count: number, dueAt: (index: number) => Instant): Promise<void>;
  /** Returns true if every job is marked done. */
  isEmpty(): Promise<boolean>;
  /** Returns the size of all tables and indexes of the program's schema. */
  bytes(): Promise<number>;
  readonly drop: () => Promise<void>;
};

/** Creates a database in which the program makes its own schema. */
export async function createReferenceDatabase(server: string, reference: ReferenceName): Promise<ReferenceDatabase> {
  const { url, drop } = await createDatabase(server);
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 2 });
  if (reference === "pg-boss") {
    await boss.start();
    await boss.createQueue("due");
  } else {
    await runMigrations({ connectionString: url });
  }
  const schema = reference === "pg-boss" ? "pgboss" : "graphile_worker";
  const database = connect({ url, schema, applicationName: "bench", poolMax: 2 });
  const left = reference === "pg-boss" ? "job where state < 'completed' and name = 'due'" : "_private_jobs";
  return {
    url,
    async arm(count, dueAt) {
      for (let from = 0; from < count; from += 5_000) {
        const dues = Array.from({ length: Math.min(5_000, count - from) }, (_, index) => dueAt(from + index));
        if (reference === "pg-boss") {
          const jobs = dues.map((due) => ({ data: { dueAt: due }, startAfter: new Date(due) }));
          await boss.insert("due", jobs);
        } else {
          await addJobs(database, dues);
        }
      }
      await database.query({ text: "vacuum (analyze)" });
    },
    async isEmpty() {
      const text = `
        -- bench.is-empty
        select not exists (select from ${left}) as empty`;
      const [row] = await database.query<{ empty: boolean }>({ text });
      return row?.empty === true;
    },
    bytes: () => schemaBytes(database),
    async drop() {
      if (reference === "pg-boss") await boss.stop({ graceful: false });
      await database.close();
      await drop();
    },
  };
}

async function addJobs(database: Database, dues: readonly Instant[]): Promise<void> {
  await database.query({
    text: `
      -- bench.add-jobs
      select graphile_worker.add_jobs(array(
        select row('due', json_build_object('dueAt', due), null, to_timestamp(due / 1000), 1, null, 0, null)
          ::graphile_worker.job_spec
        from unnest($1::float8[]) as due))`,
    values: [dues],
  });
}

/** Returns the bytes of a schema's tables and indexes, or only of the tables whose names match `name`. */
export async function schemaBytes(database: Database, name = "%"): Promise<number> {
  const [row] = await database.query<{ bytes: number }>({
    text: `
      -- bench.schema-bytes
      select sum(pg_total_relation_size(oid))::bigint as bytes from pg_class
      where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname like $1`,
    values: [name],
  });
  return row?.bytes ?? 0;
}
