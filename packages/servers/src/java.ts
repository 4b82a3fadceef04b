import { spawnSync } from "node:child_process";
import { javaCommand } from "./config.ts";

let printed: string | undefined;

/** What `java -version` prints; empty where there is no Java. Asked once, as a JVM takes 100 ms to say it. */
export function javaPrinted(): string {
  return (printed ??= spawnSync(javaCommand(), ["-version"], { encoding: "utf8" }).stderr ?? "");
}

/** 17 for `openjdk version "17.0.15"`, 8 for `java version "1.8.0_412"`; undefined where there is no Java. */
export function javaVersion(): number | undefined {
  const found = /version "(?:1\.)?(\d+)/.exec(javaPrinted());
  return found === null ? undefined : Number(found[1]);
}
