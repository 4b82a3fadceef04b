import { createReadStream } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { type Readable, pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import yauzl from "yauzl";
import { LogFault } from "./log-fault.ts";

/** The text of a log as it is read from the disk: a file, one that gzip has packed, or a zip with a .csv in it. */
export async function* readText(file: string): AsyncIterable<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const decode = (bytes?: Buffer): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw new LogFault(`${file} is not text in UTF-8`, { cause });
    }
  };
  const bytes = await openLog(file);
  try {
    for await (const chunk of bytes) yield decode(chunk as Buffer);
  } catch (cause) {
    if (cause instanceof LogFault) throw cause;
    throw new LogFault(`${file} is damaged: ${(cause as Error).message}`, { cause });
  }
  yield decode();
}

async function openLog(file: string): Promise<Readable> {
  const head = Buffer.alloc(4);
  try {
    await using handle = await openFile(file);
    await handle.read(head, 0, 4, 0);
  } catch (cause) {
    throw new LogFault(`cannot read ${file}: ${(cause as Error).message}`, { cause });
  }
  if (head.toString("latin1") === "PK\u0003\u0004") return unzip(file);
  const bytes = createReadStream(file);
  // What fails is told by the reading end.
  return head[0] === 0x1f && head[1] === 0x8b ? pipeline(bytes, createGunzip(), () => {}) : bytes;
}

async function unzip(file: string): Promise<Readable> {
  const fault = (cause: unknown) => new LogFault(`${file} is a damaged zip: ${(cause as Error).message}`, { cause });
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(fault(error));
      zip.on("error", (cause: unknown) => reject(fault(cause)));
      zip.on("end", () => reject(new LogFault(`${file} has no .csv in it`)));
      zip.on("entry", (entry: yauzl.Entry) => {
        if (!entry.fileName.endsWith(".csv")) return zip.readEntry();
        return zip.openReadStream(entry, (cause, stream) => (cause ? reject(fault(cause)) : resolve(stream)));
      });
      zip.readEntry();
      return undefined;
    });
  });
}
