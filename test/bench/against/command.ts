import { spawn } from "node:child_process";

/** Where a command runs, and what ends it early. */
export type CommandContext = { readonly folder: string; readonly signal?: AbortSignal };

/** What a command wrote on its standard output; `failed` where it ended with another code than 0, or by a signal. */
export type CommandResult = { readonly output: string; readonly failed: boolean };

/**
 * Runs a command; what it says on standard error is shown. On `signal` it gets SIGTERM, and is waited for all the same:
 * whoever removes its folder must know that it is gone. Rejects where it cannot be started.
 */
export function runCommand(
  program: string,
  parameters: readonly string[],
  { folder, signal }: CommandContext,
): Promise<CommandResult> {
  const { promise, resolve, reject } = Promise.withResolvers<CommandResult>();
  const child = spawn(program, parameters, { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const end = (): void => void child.kill("SIGTERM");
  if (signal?.aborted === true) end();
  signal?.addEventListener("abort", end);
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (some: string) => (output += some));
  child.once("error", reject);
  child.once("close", (code) => {
    signal?.removeEventListener("abort", end);
    resolve({ output, failed: code !== 0 });
  });
  return promise;
}
