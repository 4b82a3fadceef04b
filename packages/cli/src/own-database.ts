import { randomBytes } from "node:crypto";
import { type Tx, connect } from "@crossline/postgres";
import { CommandFault } from "./fault.ts";

const prefix = "crossline_run_";

/** A database for one run. */
export type OwnDatabase = {
  readonly url: string;
  /** Drops the database. A second call changes nothing. */
  readonly stop: () => Promise<void>;
};

/**
 * Creates a database for this run alone on the server of the URL. First, the function drops the databases of killed
 * runs. The run locks the name of its database until the run ends.
 */
export async function makeOwnDatabase(adminUrl: string): Promise<OwnDatabase> {
  const admin = connect({ url: adminUrl, schema: "public", applicationName: "crossline-run", onError: () => {} });
  const made = Promise.withResolvers<string>();
  const ending = Promise.withResolvers<void>();
  const session = admin.session(async (tx) => {
    await dropAbandoned(tx);
    const name = `${prefix}${randomBytes(6).toString("hex")}`;
    await tryLock(tx, name);
    await tx.query({ text: `create database ${name}` });
    made.resolve(name);
    await ending.promise;
    await drop(tx, name);
  });
  session.catch((cause: unknown) => made.reject(cause));
  const stop = async (): Promise<void> => {
    ending.resolve();
    await session.catch(() => {}); // If the connection has failed, the next run drops the database.
    await admin.close();
  };
  try {
    const url = new URL(adminUrl);
    url.pathname = `/${await made.promise}`;
    return { url: url.href, stop };
  } catch (cause) {
    await stop();
    const why = (cause as Error).message;
    throw new CommandFault(`No database can be created for this run: ${why}. --broker kafka uses the existing one.`, {
      cause,
    });
  }
}

async function dropAbandoned(tx: Tx): Promise<void> {
  const databases = await tx.query<{ name: string }>({
    text: `-- run.find-databases
      select datname as name from pg_database where starts_with(datname, $1)`,
    values: [prefix],
  });
  for (const { name } of databases) if (await tryLock(tx, name)) await drop(tx, name);
}

async function drop(tx: Tx, name: string): Promise<void> {
  await tx.query({ text: `drop database if exists ${name} with (force)` });
}

/** Tries once to lock the name. Postgres holds the lock until the session ends. */
async function tryLock(tx: Tx, name: string): Promise<boolean> {
  const [row] = await tx.query<{ isOurs: boolean }>({
    text: `-- run.lock-database
      select pg_try_advisory_lock(hashtextextended($1, 0)) as "isOurs"`,
    values: [name],
  });
  return row?.isOurs === true;
}
