import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import chromium from "@sparticuz/chromium";
import type { LaunchOptions } from "playwright-core";

/** The places of Chromium in Debian and in other distributions. */
const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Root has no sandbox. A container gives `/dev/shm` 64 MB, and a large screen needs more. */
const args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none"];

type FoundChromium = { readonly launch: LaunchOptions } | { readonly reason: string };

let found: Promise<FoundChromium> | undefined;

/**
 * Finds a Chromium for this machine, and returns how to launch it. `CROSSLINE_CHROMIUM` names one. Otherwise it is the one of the npm
 * package `@sparticuz/chromium`, because its version does not depend on the machine. The package is for Linux on x64, so an installed
 * Chromium is the last choice. Returns a reason if the machine has no Chromium.
 */
export function findChromium(): Promise<FoundChromium> {
  found ??= find();
  return found;
}

async function find(): Promise<FoundChromium> {
  const path = process.env["CROSSLINE_CHROMIUM"] ?? (await unpack()) ?? installed.find((place) => existsSync(place));
  if (path === undefined) return { reason: "This machine has no Chromium. Install one, or set CROSSLINE_CHROMIUM." };
  return {
    launch: { executablePath: path, args, headless: true, env: { ...process.env, FONTCONFIG_FILE: fontSettings() } },
  };
}

/** Unpacks the Chromium of the npm package into the folder for temporary files, once per machine. */
async function unpack(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  return chromium.executablePath();
}

/** Fonts of the package that would replace DejaVu Sans in some sizes. */
const otherFonts = ["*Math*", "*Serif*", "*Condensed*", "*ExtraLight*"];

/** Writes the settings with which Chromium uses the fonts of the tests, so that a picture is the same on every machine. */
function fontSettings(): string {
  const fonts = join(dirname(createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json")), "ttf");
  const folder = resolve(import.meta.dirname, "../../.ci/fonts");
  const file = join(folder, "fonts.conf");
  mkdirSync(folder, { recursive: true });
  const alias = "<alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>";
  const rejected = otherFonts.map((name) => `<glob>${name}</glob>`).join("");
  const settings = `<dir>${fonts}</dir><cachedir>${folder}</cachedir><selectfont><rejectfont>${rejected}</rejectfont></selectfont>${alias}`;
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${settings}</fontconfig>`,
  );
  return file;
}
