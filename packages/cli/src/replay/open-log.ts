import { createReadStream } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { type Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import yauzl from "yauzl";
import { LogFault } from "./log-fault.ts";

/**
 * Yields the text of a log while it reads the file. The log is a plain file, a gzip file, or a .csv in a zip. If a zip
 * contains several .csv files, the caller must name the file to read. Throws a LogFault for a file that cannot be read.
 */
export async function* readText(file: string, entry?: string): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes?: Buffer): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new LogFault(`${file} is not text in UTF-8`, { cause });
    }
  };
  const bytes = await openLog(file, entry);
  try {
    for await (const chunk of bytes) yield decode(chunk as Buffer);
  } catch (cause) {
    if (cause instanceof LogFault) throw cause;
    throw new LogFault(`${file} is damaged: ${(cause as Error).message}`, { cause });
  }
  yield decode();
}

async function openLog(file: string, entry: string | undefined): Promise<Readable> {
  const head = Buffer.alloc(4);
  try {
    await using handle = await openFile(file);
    await handle.read(head, 0, 4, 0);
  } catch (cause) {
    throw new LogFault(`cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  if (head.toString("latin1") === "PK\u0003\u0004") return unzip(file, entry);
  if (entry !== undefined) throw new LogFault(`${file} is not a zip: omit --entry`);
  const bytes = createReadStream(file);
  // The reader of the stream gets each error, so the callback does nothing.
  return head[0] === 0x1f && head[1] === 0x8b ? pipeline(bytes, createGunzip(), () => {}) : bytes;
}

async function unzip(file: string, wanted: string | undefined): Promise<Readable> {
  try {
    const zip = await yauzl.openPromise(file, { autoClose: false });
    try {
      const entries: yauzl.Entry[] = [];
      for await (const entry of zip.eachEntry()) if (isCsv(entry.fileName)) entries.push(entry);
      const stream = await zip.openReadStreamPromise(choose(file, entries, wanted));
      return stream.once("close", () => zip.close());
    } catch (cause) {
      zip.close();
      throw cause;
    }
  } catch (cause) {
    if (cause instanceof LogFault) throw cause;
    throw new LogFault(`${file} is a damaged zip: ${(cause as Error).message}`, { cause });
  }
}

/**
 * Returns true if an entry of a zip is a CSV file. A zip from macOS also has a metadata file of the same name for each
 * entry.
 */
function isCsv(name: string): boolean {
  return /\.csv$/i.test(name) && !name.startsWith("__MACOSX/");
}

function choose(file: string, entries: readonly yauzl.Entry[], wanted: string | undefined): yauzl.Entry {
  const names = entries.map(({ fileName }) => fileName).join(", ");
  const [entry, another] = wanted === undefined ? entries : entries.filter(({ fileName }) => fileName === wanted);
  if (entries.length === 0) throw new LogFault(`${file} has no .csv in it`);
  if (entry === undefined) throw new LogFault(`${file} has no ${wanted} in it, but ${names}`);
  if (another === undefined) return entry;
  throw new LogFault(`${file} has ${entries.length} files to choose from: ${names}. Name one with --entry.`);
}
