import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const script = resolve(import.meta.dirname, "../../../services/console/web/build.ts");

/**
 * Builds the screens if one of their sources has changed. A build takes 1 to 6 s. A checkout without the packages of the build keeps its
 * last build, because Crossline also works without screens.
 */
export async function buildScreens(say: (text: string) => void): Promise<void> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    if (stdout !== "") say(stdout.trim());
  } catch (error) {
    say(`The screens could not be built: ${firstRow(String((error as { stderr?: string }).stderr ?? error))}`);
  }
}

function firstRow(text: string): string {
  return text.split("\n").find((row) => /error/i.test(row)) ?? text.slice(0, 200);
}
