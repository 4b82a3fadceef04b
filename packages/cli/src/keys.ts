import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The checkout's own folder for what a run leaves: keys and logs. Ignored by git. */
export const stateFolder = resolve(import.meta.dirname, "../../../.crossline");

/** Names what belongs to this checkout, so that two checkouts on one machine do not share data. */
export function checkoutName(purpose: string): string {
  return `${purpose}-${createHash("sha256").update(stateFolder).digest("hex").slice(0, 8)}`;
}

/** A secret that is made at the first start and found again at the next ones. */
export function ensureSecret(name: string): string {
  return readState(name) ?? saveState(name, randomBytes(32).toString("base64url"));
}

/** Reads what `keep` wrote. */
export function readState(name: string): string | undefined {
  const file = join(stateFolder, name);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** Writes a file that only its owner can read. */
export function saveState(name: string, text: string): string {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const file = join(stateFolder, name);
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return text;
}
