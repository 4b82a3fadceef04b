import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The folders of what the schema `intake` holds, in the order in which they are applied. */
export const intakeMigrations: readonly string[] = [
  ...["@crossline/messaging", "@crossline/access", "@crossline/idempotency"].map((name) =>
    fileURLToPath(new URL("../migrations", import.meta.resolve(name))),
  ),
  resolve(import.meta.dirname, "../migrations"),
];
