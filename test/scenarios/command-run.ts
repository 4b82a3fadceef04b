import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { crossline, exitCodeOf } from "@crossline/cli";
import { vi } from "vitest";

const main = resolve(import.meta.dirname, "../../packages/cli/src/main.ts");

type Settings = Readonly<Record<string, string>>;

/** The exit code of a command, and the texts that it printed. */
export type CommandResult = { readonly code: number; readonly out: string; readonly err: string };

/** Runs the command as a process in a folder, with only these settings in its environment. */
export function runProcess(folder: string, settings: Settings, ...args: readonly string[]): Promise<CommandResult> {
  const { PATH = "", HOME = "" } = process.env;
  const env = { PATH, HOME, ...settings };
  return new Promise((done) => {
    execFile(process.execPath, [main, ...args], { cwd: folder, env }, (error, out, err) => {
      done({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

/** Runs the command in this process with these settings, which is quicker than a process. */
export async function runHere(settings: Settings, ...args: readonly string[]): Promise<CommandResult> {
  const printed: Record<"out" | "err", string[]> = { out: [], err: [] };
  const into = (texts: string[]) => (text: unknown) => texts.push(String(text)) > 0;
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into(printed.out)),
    vi.spyOn(process.stderr, "write").mockImplementation(into(printed.err)),
  ];
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const before = process.exitCode;
  let code = 0;
  try {
    await crossline().parseAsync(args, { from: "user" });
    code = Number(process.exitCode ?? 0);
  } catch (error) {
    code = exitCodeOf(error);
    printed.err.push(String(error));
  } finally {
    process.exitCode = before;
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
  return { code, out: printed.out.join(""), err: printed.err.join("") };
}
