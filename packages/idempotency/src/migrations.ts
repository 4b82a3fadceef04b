import { resolve } from "node:path";

/** The folder for `migrate`: run in the schema of every service that uses idempotency keys, before its own. */
export const idempotencyMigrations = resolve(import.meta.dirname, "../migrations");
