import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";

const root = resolve(import.meta.dirname, "../..");
const kept = join(root, "docs/pictures");
const fresh = join(root, ".ci/pictures");
const bytesMax = 200_000;
const loadingMs = 15_000;
const stillMs = 1_000;
const movingMs = 5_000;
const isUpdate = process.env["UPDATE_PICTURES"] === "1";

/**
 * Compares a screen with its picture in `docs/pictures`, and returns the differences as sentences. A screen that is still loading gets
 * 15 s to become the picture. `shareMax` is the share of the pixels that may differ, because ids and the time of day differ between runs.
 * With `UPDATE_PICTURES=1` the function writes the picture instead. The new picture is in `.ci/pictures`.
 */
export async function comparePicture(page: Page, name: string, shareMax: number): Promise<readonly string[]> {
  const file = join(kept, `${name}.png`);
  const expected = isUpdate || !existsSync(file) ? undefined : PNG.sync.read(readFileSync(file));
  let taken = await takeStill(page);
  const share = (): number => (expected === undefined ? 0 : differentShare(expected, PNG.sync.read(taken)));
  for (const deadline = Date.now() + loadingMs; share() > shareMax && Date.now() < deadline;)
    taken = await takeStill(page);
  const target = isUpdate ? kept : fresh;
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${name}.png`), taken);
  const faults = taken.length > bytesMax ? [`${name}.png has ${taken.length} bytes`] : [];
  if (expected === undefined && !isUpdate) faults.push(`${name}.png is missing`);
  if (share() > shareMax) faults.push(`${(share() * 100).toFixed(1)} % of ${name}.png differ`);
  return faults;
}

/** Takes a picture after a second in which the screen has not changed. A screen that shows the time of day gets 5 s. */
async function takeStill(page: Page): Promise<Buffer> {
  const take = () => page.screenshot({ animations: "disabled", caret: "hide" });
  let taken = await take();
  for (const deadline = Date.now() + movingMs; Date.now() < deadline;) {
    await page.waitForTimeout(stillMs);
    const before = taken;
    taken = await take();
    if (taken.equals(before)) break;
  }
  return taken;
}

/** Returns the share of the pixels that differ, or 1 for pictures of different sizes. */
function differentShare(one: PNG, other: PNG): number {
  const { width, height } = one;
  if (width !== other.width || height !== other.height) return 1;
  return pixelmatch(one.data, other.data, undefined, width, height, { threshold: 0.2 }) / (width * height);
}
