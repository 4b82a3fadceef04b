import { homedir } from "node:os";
import { join } from "node:path";

const root = process.getuid?.() === 0;

/**
 * Where the servers keep their data unless a caller names a folder: CROSSLINE_STATE_DIR, else the user's state folder; for
 * root /var/lib, as PostgreSQL then runs as another user, who cannot enter root's home.
 */
export function stateFolder(): string {
  const { CROSSLINE_STATE_DIR: given, XDG_STATE_HOME: state = join(homedir(), ".local/state") } = process.env;
  return given ?? (root ? "/var/lib/crossline" : join(state, "crossline"));
}

/** Where what can be fetched again is kept: CROSSLINE_CACHE_DIR, else the user's cache folder. */
export function cacheFolder(): string {
  const { CROSSLINE_CACHE_DIR: given, XDG_CACHE_HOME: cache = join(homedir(), ".cache") } = process.env;
  return given ?? join(cache, "crossline");
}

/** The Java that is meant: JAVA_HOME's, else the path's. */
export function javaCommand(): string {
  const home = process.env["JAVA_HOME"];
  return home === undefined || home === "" ? "java" : join(home, "bin/java");
}

/** The folders in which commands are looked for. */
export function searchPath(): string[] {
  return (process.env["PATH"] ?? "").split(":").filter((folder) => folder !== "");
}
