import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { type FaultContext, NotPossible } from "./fault-context.ts";

/** Stops Postgres immediately (SIGQUIT), without a checkpoint. The next start of Postgres must recover the data. */
export async function shutDown(context: FaultContext, forMs: number): Promise<void> {
  const { database } = context.platform;
  database.signal("SIGQUIT");
  await delay(forMs);
  await database.restart();
  await untilItAnswers(context);
}

/** Terminates every connection of the services to Postgres while the services work. */
export async function terminate(context: FaultContext): Promise<void> {
  await asSuperuser(context, async (database) => {
    const text = "select pg_terminate_backend(pid) from pg_stat_activity where usename like 'crossline_%'";
    await database.query({ text });
  });
}

/** Opens a transaction outside the system. The transaction reads the armed clocks, takes a transaction id, and stays open. */
export async function forgetTransaction(context: FaultContext, forMs: number): Promise<void> {
  await asSuperuser(context, (database) =>
    database.transaction(async (tx) => {
      await tx.query({ text: "set transaction isolation level repeatable read" });
      await tx.query({ text: "select pg_current_xact_id(), (select count(*) from timer.case_clock)" });
      await delay(forMs);
    }),
  );
}

/**
 * Fills the disk of Postgres completely. If Postgres ends because of the full disk, it restarts when the disk has room
 * again.
 */
export async function fillDisk(context: FaultContext, forMs: number): Promise<void> {
  const { disk, database } = context.platform;
  if (disk.notFillable !== undefined) throw new NotPossible(disk.notFillable);
  try {
    // Also fills the space that Postgres frees meanwhile, for example when Postgres removes old segments of its log.
    for (const deadline = performance.now() + forMs; performance.now() < deadline; await delay(500)) disk.fill();
  } finally {
    disk.free();
  }
  await delay(500);
  if (!existsSync(`/proc/${database.pid()}`)) await database.restart();
  await untilItAnswers(context);
}

/** A server that runs may still be in recovery. The fault is over when the server responds. */
async function untilItAnswers(context: FaultContext): Promise<void> {
  const probe = () => asSuperuser(context, async (database) => void (await database.query({ text: "select 1" })));
  await waitFor(() => probe().then(() => true), { timeoutMs: 60_000, pollMs: 20, what: "Postgres to respond" });
}

type Database = ReturnType<typeof connect>;

/** Runs work on a separate connection that may read every schema. */
export async function asSuperuser<T>({ platform }: FaultContext, work: (database: Database) => Promise<T>): Promise<T> {
  const { url } = platform.database;
  const database = connect({ url, schema: "public", applicationName: "nemesis", poolMax: 1, onError: () => {} });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
