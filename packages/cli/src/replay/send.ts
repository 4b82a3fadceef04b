import { setTimeout as delay } from "node:timers/promises";
import { ResponseFault, type Client } from "../client.ts";
import { CommandFault } from "../fault.ts";
import { importedForm } from "./imported-form.ts";
import type { LogRow } from "./log-row.ts";

const rowsPerChunk = 500;
const retryMs = 200;
const giveUpMs = 60_000;

type Options = {
  readonly url: string;
  readonly key: string;
  readonly client: Client;
  readonly timeline: string;
  readonly line: string;
  readonly rows: readonly LogRow[];
  readonly signal: AbortSignal | undefined;
};

/**
 * Streams the rows to the import route in one request, as fast as the route accepts them. If the connection breaks, for
 * example after the end of a service, the function reads the number of imported rows. The function then continues with
 * the next row. The number of a row in the whole import is the idempotency key of that row.
 */
export async function sendRows({ url, key, client, timeline, line, rows, signal }: Options): Promise<void> {
  let lastProgress = performance.now();
  let done = 0;
  while (done < rows.length) {
    try {
      const response = await fetch(new URL(`/v1/timelines/${timeline}/import?line=${line}`, url), {
        method: "POST",
        headers: {
          authorization: `Bearer ${key}`,
          "content-type": "application/x-ndjson",
          "idempotency-key": crypto.randomUUID(),
        },
        body: ReadableStream.from(encode(rows, done)),
        duplex: "half",
        signal: signal ?? null,
      });
      const text = await response.text();
      if (response.status < 500 && response.status !== 409 && !response.ok) {
        throw new CommandFault(`The import was refused: ${text.slice(0, 500)}`);
      }
      if (response.ok) return;
    } catch (error) {
      if (error instanceof CommandFault || signal?.aborted === true) throw error;
      // After a broken connection the number of committed rows is unknown, so the code below reads that number.
    }
    await delay(retryMs);
    const imported = await readImportedRows(client, timeline);
    if (imported !== undefined && imported > done) {
      done = imported;
      lastProgress = performance.now();
    }
    if (performance.now() - lastProgress > giveUpMs) {
      throw new CommandFault(
        `The import has stopped at row ${done} for a minute. The services' logs in .crossline/logs have the reason.`,
      );
    }
  }
}

async function readImportedRows(client: Client, timeline: string): Promise<number | undefined> {
  try {
    const { importedRows } = await client.get<{ importedRows: number }>(`/v1/timelines/${timeline}`);
    return importedRows;
  } catch (error) {
    if (error instanceof ResponseFault && error.status < 500) throw error;
    return undefined;
  }
}

function* encode(rows: readonly LogRow[], done: number): Iterable<Uint8Array> {
  const encoder = new TextEncoder();
  for (let from = done; from < rows.length; from += rowsPerChunk) {
    let text = "";
    for (let index = from; index < Math.min(from + rowsPerChunk, rows.length); index++) {
      const row = importedForm(rows[index] as LogRow, index + 1);
      text += `${JSON.stringify(row)}\n`;
    }
    yield encoder.encode(text);
  }
}
