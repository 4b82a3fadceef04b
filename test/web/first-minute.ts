import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.ts";

/*
 * node test/web/first-minute.ts [--broker memory]: measures the first minute of a newcomer. It runs `crossline start` in this checkout,
 * and opens the printed link in Chromium. It prints the seconds until the screen shows the case of story 1. No other `start` may run here.
 */
const root = resolve(import.meta.dirname, "../..");
const longestMs = 180_000;
const startedAt = performance.now();
const seconds = (): string => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;

const start = spawn(process.execPath, ["packages/cli/src/main.ts", "start", ...process.argv.slice(2)], {
  cwd: root,
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const link = await printedLink(start);
  process.stdout.write(`${seconds()}: start printed the link\n`);
  const found = await findChromium();
  if ("reason" in found) throw new Error(found.reason);
  const browser = await chromium.launch(found.launch);
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByRole("heading", { name: "Handheld is dead" }).waitFor();
  process.stdout.write(`${seconds()}: the browser shows the case of story 1\n`);
  await browser.close();
} finally {
  start.kill("SIGINT");
  if (start.exitCode === null) await once(start, "exit");
}

/** Returns the first link that `start` prints. */
function printedLink(child: ChildProcess): Promise<string> {
  return new Promise((done, fail) => {
    let printed = "";
    child.once("exit", () => fail(new Error("start ended without a link")));
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const [link] = /http:\S+#sign-in=[\w-]{43}/.exec(printed) ?? [];
      if (link !== undefined) done(link);
    });
    setTimeout(() => fail(new Error(`start printed no link:\n${printed}`)), longestMs).unref();
  });
}
