import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { build } from "vite";

/*
 * Builds the screens into `dist`, if a source has changed since the last build. A build writes into a folder of its own, and then renames
 * this folder to `dist`. Two builds at the same time therefore do not disturb each other.
 */
const home = import.meta.dirname;
const dist = join(home, "dist");
const stamp = join(dist, "sources.sha256");

/** The files from which the build follows: the sources, the settings and the versions of all packages. */
function hashSources(): string {
  const files = [
    ...globSync("{src/**/*,*.html,build.ts,vite.config.ts,package.json}", { cwd: home, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
    join(home, "../../../pnpm-lock.yaml"),
  ];
  const hash = createHash("sha256");
  for (const file of files.toSorted()) hash.update(relative(home, file)).update("\0").update(readFileSync(file));
  return hash.digest("hex");
}

// Vitest sets another value, with which React would be the slower and larger build for developers.
process.env["NODE_ENV"] = "production";
const sources = hashSources();
const isBuilt = existsSync(stamp) && readFileSync(stamp, "utf8") === sources;
if (!isBuilt) {
  const fresh = join(home, `.dist-${process.pid}`);
  const startedAt = performance.now();
  try {
    await build({
      configFile: join(home, "vite.config.ts"),
      logLevel: "warn",
      build: { outDir: fresh, emptyOutDir: true },
    });
    await compressFiles(fresh);
    writeFileSync(join(fresh, "sources.sha256"), sources);
    mkdirSync(dirname(dist), { recursive: true });
    const old = join(home, `.dist-${process.pid}-old`);
    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
    rmSync(old, { recursive: true, force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  process.stdout.write(`The screens are built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
}

/** Writes a brotli file beside each text file, so that no request has to compress. */
async function compressFiles(folder: string): Promise<void> {
  const compress = promisify(brotliCompress);
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.(?:html|js|css|svg)$/.test(name)) continue;
    const file = join(folder, name);
    const bytes = readFileSync(file);
    const small = await compress(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    writeFileSync(`${file}.br`, small);
  }
}
