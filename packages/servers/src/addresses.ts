import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "./config.ts";

/** Returns the folder of PostgreSQL's data. Its name has the major version, because another version cannot read the data. */
export function postgresData(home: string): string {
  return join(home, "data-18");
}

/**
 * Returns the URL of the PostgreSQL that `startPostgres` started last under this name, or undefined. Does not check
 * whether the server still runs.
 */
export function savedPostgresUrl(name: string, folder: string = stateFolder()): string | undefined {
  const file = join(postgresData(join(folder, name, "postgres")), "postmaster.pid");
  const port = existsSync(file) ? readFileSync(file, "utf8").split("\n")[3] : undefined;
  return port === undefined ? undefined : `postgres://postgres@127.0.0.1:${port.trim()}/postgres`;
}

/**
 * Returns the address of the Kafka that `startKafka` started last under this name, or undefined. Does not check whether
 * the server still runs.
 */
export function savedKafkaBroker(name: string, folder: string = stateFolder()): string | undefined {
  const file = join(folder, name, "kafka", "port");
  return existsSync(file) ? `127.0.0.1:${readFileSync(file, "utf8").trim()}` : undefined;
}
