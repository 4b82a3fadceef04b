import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { cacheFolder } from "@crossline/servers";

/**
 * The release of Debian whose packages the test runs. The kcat of Debian 12 cannot sign in to this Kafka: librdkafka before 2.6.1 sends a
 * wrong nonce, and Kafka refuses it since 3.8.1.
 */
const release = "trixie";
const packages = ["kcat", "python3-kafka"];
const sources = ["/etc/apt/sources.list", "/etc/apt/sources.list.d"];

/** The folder with the commands `kcat` and `python3`, or the reason why this machine cannot have them. */
type DebianTools = { readonly folder: string } | { readonly reason: string };

/**
 * Returns the folder with Debian's `kcat` and a `python3` that has Debian's `kafka`. The first call fetches the packages with everything that
 * they need (25 MB), and unpacks them in the cache. It needs no root, and the packages of the machine stay as they are.
 */
export function ensureDebianTools(): DebianTools {
  const folder = join(cacheFolder(), `debian-${release}-desks`);
  const tools = { folder: join(folder, "bin") };
  if (fs.existsSync(folder)) return tools;
  const codename = /^VERSION_CODENAME=(\w+)$/m.exec(readText("/etc/os-release"))?.[1];
  const lists = findLists().filter(({ text }) => codename !== undefined && text.includes(codename));
  if (codename === undefined || lists.length === 0)
    return { reason: "This machine has no apt with the packages of Debian." };
  fs.mkdirSync(dirname(folder), { recursive: true });
  const draft = fs.mkdtempSync(`${folder}.`);
  try {
    fetchPackages(
      draft,
      lists.map(({ name, text }) => ({ name, text: text.replaceAll(codename, release) })),
    );
    writeCommands(draft);
    fs.renameSync(draft, folder);
    return tools;
  } catch (error) {
    if (fs.existsSync(folder)) return tools; // Another process was faster.
    return { reason: `apt could not fetch ${packages.join(" and ")}: ${(error as Error).message}` };
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

type SourceList = { readonly name: string; readonly text: string };

/** Returns the source lists of Debian itself. The lists of other sources may not have this release. */
function findLists(): SourceList[] {
  const [main = "", more = ""] = sources;
  const files = [main, ...(fs.existsSync(more) ? fs.readdirSync(more).map((name) => join(more, name)) : [])];
  return files
    .filter((file) => /\.(?:list|sources)$/.test(file))
    .map((file) => ({ name: file.replaceAll("/", "-").slice(1), text: readText(file) }))
    .filter(({ name, text }) => name === "etc-apt-sources.list" || text.includes("debian-archive-keyring"));
}

function fetchPackages(folder: string, lists: readonly SourceList[]): void {
  const place = (path: string): string => {
    fs.mkdirSync(join(folder, path), { recursive: true });
    return join(folder, path);
  };
  const parts = place("sources");
  for (const { name, text } of lists) fs.writeFileSync(join(parts, name), text);
  place("state/lists/partial");
  const archives = join(place("cache/archives/partial"), "..");
  fs.writeFileSync(join(folder, "status"), ""); // Without installed packages, apt also fetches the C library.
  const settings = {
    "Dir::Etc::SourceList": "/dev/null",
    "Dir::Etc::SourceParts": parts,
    "Dir::State": join(folder, "state"),
    "Dir::State::status": join(folder, "status"),
    "Dir::Cache": join(folder, "cache"),
    "APT::Install-Recommends": "false",
    "APT::Sandbox::User": "root",
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const run = (command: string, ...args: string[]): void => void execFileSync(command, args, { stdio: "pipe" });
  run("apt-get", ...options, "-qq", "update");
  run("apt-get", ...options, "-qq", "-y", "--download-only", "install", ...packages);
  const fetched = fs.readdirSync(archives).filter((name) => name.endsWith(".deb"));
  for (const name of fetched) run("dpkg-deb", "-x", join(archives, name), folder);
  for (const path of ["sources", "state", "cache", "status"])
    fs.rmSync(join(folder, path), { recursive: true, force: true });
}

/** Writes the commands, which start the programs with the C library of their own release. */
function writeCommands(folder: string): void {
  const libraries = fs.globSync("usr/lib/*-linux-gnu", { cwd: folder })[0] ?? "";
  const loader = fs.globSync(`${libraries}/ld-linux-*.so.*`, { cwd: folder })[0] ?? "";
  const python = fs.globSync("usr/bin/python3.[0-9]*", { cwd: folder })[0] ?? "";
  fs.mkdirSync(join(folder, "bin"));
  for (const [name, program] of Object.entries({ kcat: "usr/bin/kcat", python3: python })) {
    if (!fs.existsSync(join(folder, program))) throw new Error(`the packages have no ${name}`);
    const rows = [
      "#!/bin/sh",
      'root=$(dirname "$(dirname "$0")")',
      `PYTHONHOME=$root/usr exec "$root/${loader}" --library-path "$root/${libraries}" "$root/${program}" "$@"`,
      "",
    ];
    fs.writeFileSync(join(folder, "bin", name), rows.join("\n"), { mode: 0o755 });
  }
}

function readText(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}
