import { createHash, randomBytes } from "node:crypto";
import { createRoles, type ServiceName, serviceNames, serviceUrl } from "@crossline/servers";
import { connect, type ConnectOptions, type Database, migrate } from "@crossline/postgres";
import { inject } from "vitest";
import { migrationFolders } from "./migrations.ts";

/** A new database of a test. */
export type FreshDatabase = {
  /** The URL of the database for its owner. */
  readonly url: string;
  /** Returns the options of `connect` for one schema. A service's schema uses the service's own role, as in production. */
  readonly options: (schema: string) => ConnectOptions;
  /** Drops the database and closes its open connections. */
  readonly drop: () => Promise<void>;
};

/** Returns a prefix for names of topics and groups that no other test uses. The prefix has lower case letters and digits. */
export function uniquePrefix(): string {
  return `t${randomBytes(6).toString("hex")}`;
}

/**
 * Creates a database with these migrated schemas, by default those of all services. A schema with the name of a package
 * has the tables of that package. A schema whose name is not a package's name has the tables of all packages. The
 * function copies a template, which takes about 30 ms. The first caller of the run creates the template. All remaining
 * databases are dropped at the end of the run.
 */
export async function freshDatabase(...schemas: string[]): Promise<FreshDatabase> {
  const { url, run } = inject("postgres");
  const admin = connect({ url, schema: "public", applicationName: "crossline-testing", poolMax: 1 });
  try {
    const name = `${run}_${randomBytes(6).toString("hex")}`;
    const template = await ensureTemplate(admin, url, run, schemas.length === 0 ? serviceNames : schemas);
    await admin.query({ text: `create database ${name} template ${template} ${await strategy(admin)}` });
    const address = databaseUrl(url, name);
    return {
      url: address,
      options: (schema) => ({ url: roleUrl(address, schema), schema, applicationName: `crossline-${schema}` }),
      drop: () => drop(url, name),
    };
  } finally {
    await admin.close();
  }
}

function isService(schema: string): schema is ServiceName {
  return (serviceNames as readonly string[]).includes(schema);
}

function roleUrl(address: string, schema: string): string {
  return isService(schema) ? serviceUrl(address, schema) : address;
}

async function ensureTemplate(admin: Database, url: string, run: string, schemas: readonly string[]): Promise<string> {
  const name = `${run}_tpl_${createHash("sha256").update(schemas.toSorted().join()).digest("hex").slice(0, 8)}`;
  // One worker creates the template, and the others wait for it.
  return admin.session(async (session) => {
    await session.query({ text: "select pg_advisory_lock(hashtext($1))", values: [name] });
    const templates = await session.query({ text: "select 1 from pg_database where datname = $1", values: [name] });
    if (templates.length > 0) return name;
    const draft = `${name}_new`;
    await session.query({ text: `drop database if exists ${draft}` });
    await session.query({ text: `create database ${draft} template template0` });
    const address = databaseUrl(url, draft);
    await createRoles(address, schemas.filter(isService));
    for (const schema of schemas) {
      await migrate({ url: roleUrl(address, schema), schema, directories: await migrationFolders(schema) });
    }
    await session.query({ text: `alter database ${draft} rename to ${name}` });
    return name;
  });
}

/**
 * Returns the faster strategy for the copy of a template. `file_copy` takes 20 ms and `wal_log` takes 60 ms, but
 * `file_copy` makes a durable server first flush all its data.
 */
async function strategy(admin: Database): Promise<string> {
  const [row] = await admin.query<{ fsync: string }>({ text: "select current_setting('fsync') as fsync" });
  return row?.fsync === "off" ? "strategy file_copy" : "strategy wal_log";
}

async function drop(url: string, name: string): Promise<void> {
  const admin = connect({ url, schema: "public", applicationName: "crossline-testing", poolMax: 1 });
  await admin.query({ text: `drop database if exists ${name} with (force)` }).finally(() => admin.close());
}

function databaseUrl(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}
