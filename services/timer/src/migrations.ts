import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folders of what the schema `timer` holds, in the order in which they are applied. */
export const timerMigrations: readonly string[] = [
  ...["@crossline/messaging", "@crossline/access"].map((name) =>
    fileURLToPath(new URL("../migrations", import.meta.resolve(name))),
  ),
  resolve(import.meta.dirname, "../migrations"),
];
