import { accessSync, constants, existsSync } from "node:fs";
import chromium from "@sparticuz/chromium";
import type { LaunchOptions } from "playwright-core";

/** The places of Chromium in Debian and in other distributions. */
const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Root has no sandbox. A container gives `/dev/shm` 64 MB, which is less than a large screen needs. */
const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"];

/**
 * Finds the Chromium of this machine, and returns how to launch it. `CROSSLINE_CHROMIUM` has precedence over an installed Chromium. The
 * last choice is the npm package `@sparticuz/chromium`, for Linux on x64. Returns a reason if the machine has no Chromium.
 */
export async function findChromium(): Promise<{ readonly launch: LaunchOptions } | { readonly reason: string }> {
  const named = process.env["CROSSLINE_CHROMIUM"];
  const path = named ?? installed.find((candidate) => existsSync(candidate));
  if (path !== undefined) return { launch: { executablePath: path, args, headless: true } };
  try {
    // The package unpacks its Chromium into the folder for temporary files, once per machine.
    const unpacked = await chromium.executablePath();
    accessSync(unpacked, constants.X_OK);
    return { launch: { executablePath: unpacked, args: [...args, "--single-process", "--no-zygote"], headless: true } };
  } catch (error) {
    return { reason: `This machine has no Chromium, and the npm package has none for it: ${String(error)}` };
  }
}
