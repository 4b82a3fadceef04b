import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { TestProject } from "vitest/node";
import { findChromium } from "./chromium.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The reason why this machine has no Chromium, or an empty text. */
    readonly noChromium: string;
  }
}

/** Builds the screens, and unpacks Chromium before several workers need it. */
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default async function setup(project: TestProject): Promise<void> {
  const build = resolve(import.meta.dirname, "../../services/console/web/build.ts");
  execFileSync(process.execPath, [build], { stdio: "inherit" });
  const found = await findChromium();
  const reason = "reason" in found ? found.reason : "";
  project.provide("noChromium", reason);
  if (reason !== "") console.warn(`The tests of the screens are skipped. ${reason}`);
}
