import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The folder of the checkout for the files of a run: keys and logs. Git ignores it. */
export const stateFolder = resolve(import.meta.dirname, "../../../.crossline");

/** Returns a name with a digest of this checkout, so that two checkouts on one machine do not share data. */
export function checkoutName(purpose: string): string {
  return `${purpose}-${createHash("sha256").update(stateFolder).digest("hex").slice(0, 8)}`;
}

/** Returns a saved secret. The first call for a name creates and saves the secret. */
export function ensureSecret(name: string): string {
  return readState(name) ?? saveState(name, randomBytes(32).toString("base64url"));
}

/** Reads a text that `saveState` has written, or returns undefined. */
export function readState(name: string): string | undefined {
  const file = join(stateFolder, name);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : undefined;
}

/** Saves a text in a file that only the owner of the file can read, and returns the text. */
export function saveState(name: string, text: string): string {
  mkdirSync(stateFolder, { recursive: true, mode: 0o700 });
  const file = join(stateFolder, name);
  writeFileSync(file, `${text}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return text;
}

/** Deletes a text that `saveState` has written. Without the text, nothing changes. */
export function removeState(name: string): void {
  rmSync(join(stateFolder, name), { force: true });
}
