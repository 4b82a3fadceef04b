import { spawnSync } from "node:child_process";
import { javaCommand } from "./config.ts";

let printed: string | undefined;

/**
 * Returns the output of `java -version`, or an empty text if Java is missing. The function runs Java only once, because
 * the start of a JVM takes 100 ms.
 */
export function javaPrinted(): string {
  return (printed ??= spawnSync(javaCommand(), ["-version"], { encoding: "utf8" }).stderr ?? "");
}

/**
 * Returns the major version of Java: 17 for `openjdk version "17.0.15"`, and 8 for `java version "1.8.0_412"`. Returns undefined
 * if Java is missing.
 */
export function javaVersion(): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(javaPrinted());
  return match === null ? undefined : Number(match[1]);
}
