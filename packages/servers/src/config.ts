import { homedir } from "node:os";
import { join } from "node:path";

const root = process.getuid?.() === 0;

/**
 * Returns the default folder for the data of the servers: CROSSLINE_STATE_DIR, or `crossline` in the user's state
 * folder. For root the folder is in /var/lib, because PostgreSQL then runs under an account that cannot enter root's
 * home.
 */
export function stateFolder(): string {
  const { CROSSLINE_STATE_DIR: given, XDG_STATE_HOME: state = join(homedir(), ".local/state") } = process.env;
  return given ?? (root ? "/var/lib/crossline" : join(state, "crossline"));
}

/** Returns the folder for files that can be downloaded again: CROSSLINE_CACHE_DIR, or `crossline` in the user's cache folder. */
export function cacheFolder(): string {
  const { CROSSLINE_CACHE_DIR: given, XDG_CACHE_HOME: cache = join(homedir(), ".cache") } = process.env;
  return given ?? join(cache, "crossline");
}

/** Returns the command that starts Java: the one in JAVA_HOME if that variable is set, and otherwise `java` on the path. */
export function javaCommand(): string {
  const home = process.env["JAVA_HOME"];
  return home === undefined || home === "" ? "java" : join(home, "bin/java");
}

/** Returns the folders of PATH. */
export function searchPath(): string[] {
  return (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
}
