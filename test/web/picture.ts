import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";

const root = resolve(import.meta.dirname, "../..");
const kept = join(root, "docs/pictures");
const fresh = join(root, ".ci/pictures");
const bytesMax = 200_000;
const isUpdate = process.env["UPDATE_PICTURES"] === "1";

/**
 * Compares a screen with its picture in `docs/pictures`, and returns the differences as sentences. `shareMax` is the share of the pixels that
 * may differ, because ids and the time of day differ between runs. With `UPDATE_PICTURES=1` the function writes the picture instead. The
 * new picture is in `.ci/pictures`.
 */
export async function comparePicture(page: Page, name: string, shareMax: number): Promise<readonly string[]> {
  const taken = await page.screenshot({ animations: "disabled", caret: "hide" });
  const large = taken.length > bytesMax ? [`${name}.png has ${taken.length} bytes`] : [];
  const file = join(kept, `${name}.png`);
  const target = isUpdate ? kept : fresh;
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, `${name}.png`), taken);
  if (isUpdate) return large;
  if (!existsSync(file)) return [...large, `${name}.png is missing`];
  const share = differentShare(PNG.sync.read(readFileSync(file)), PNG.sync.read(taken));
  return share > shareMax ? [...large, `${(share * 100).toFixed(1)} % of ${name}.png differ`] : large;
}

/** Returns the share of the pixels that differ, or 1 for pictures of different sizes. */
function differentShare(one: PNG, other: PNG): number {
  const { width, height } = one;
  if (width !== other.width || height !== other.height) return 1;
  return pixelmatch(one.data, other.data, undefined, width, height, { threshold: 0.2 }) / (width * height);
}
