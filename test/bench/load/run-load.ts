import { fork } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { LoadResult, LoadTask } from "./generator.ts";

/** Runs one load task in a separate process. */
export async function runLoad(task: LoadTask): Promise<LoadResult> {
  const child = fork(resolve(import.meta.dirname, "generator.ts"), { serialization: "advanced" });
  const exited = once(child, "exit").then(() => {
    throw new Error("the load generator ended without a result");
  });
  child.send(task);
  const [result] = (await Promise.race([once(child, "message"), exited])) as [LoadResult];
  exited.catch(() => {});
  return result;
}
