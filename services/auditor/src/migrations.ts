import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folders of what the schema `auditor` holds, in the order in which they are applied. */
export const auditorMigrations: readonly string[] = [
  fileURLToPath(new URL("../migrations", import.meta.resolve("@crossline/messaging"))),
  resolve(import.meta.dirname, "../migrations"),
];
