import { existsSync, statSync } from "node:fs";
import { envFile, readEnvFile } from "../env-file.ts";
import { type CheckResult, ok, warning } from "./check-result.ts";

/** Checks the version of Node. Every verb refuses an older Node before it runs. */
export function checkNodeVersion(): CheckResult {
  return ok("Node", process.versions.node);
}

/** Checks that only the owner can read the file with the keys. */
export function checkEnvFile(file: string = envFile): CheckResult {
  if (!existsSync(file)) return ok(file, "there is no such file here");
  const names = Object.keys(readEnvFile(file)).length;
  // Windows has no such modes, and shows every file as readable by others.
  const mode = process.platform === "win32" ? 0 : statSync(file).mode & 0o077;
  if (mode !== 0) return warning(file, "other accounts of this machine can read the keys", `chmod 600 ${file}`);
  return ok(file, `${names} settings, readable by its owner only`);
}
