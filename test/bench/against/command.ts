import { spawn } from "node:child_process";

/** The folder in which a command runs, and the signal that ends it early. */
export type CommandContext = { readonly folder: string; readonly signal?: AbortSignal };

/** The standard output of a command. `failed` is true after an exit code other than 0, or after a signal. */
export type CommandResult = { readonly output: string; readonly failed: boolean };

/**
 * Runs a command and shows its standard error. After an abort of `signal` it sends SIGTERM and waits for the end of the
 * command, because the caller then removes the folder. Rejects if the command cannot start.
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
