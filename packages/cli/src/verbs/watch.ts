import type { PresentedRow } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { findAddress, readCompanyKey } from "../connection.ts";
import { toTableRow } from "../console/rows.ts";
import { type StreamEvent, readStream } from "../console/stream.ts";
import { queryOf } from "../pages.ts";
import { print } from "../print.ts";

export type WatchOptions = ApiOptions & { readonly handoffs?: boolean; readonly timeline: string };

/**
 * Runs `watch` until Ctrl-C. The verb prints each changed row, and with `--json` one JSON document per row. After a lost connection, it
 * continues at the last row.
 */
export async function watchRows(options: WatchOptions, stop?: AbortSignal): Promise<number> {
  const { handoffs, timeline, json } = options;
  const address = new URL("/v1/stream", await findAddress(options));
  address.search = queryOf({ scope: handoffs === true ? "handoffs" : "cases", timeline });
  const key = readCompanyKey(handoffs === true ? "desk" : "company");
  const ending = new AbortController();
  const signal = stop === undefined ? ending.signal : AbortSignal.any([stop, ending.signal]);
  const end = (): void => ending.abort();
  process.once("SIGINT", end).once("SIGTERM", end);
  const onEvent = (event: StreamEvent): void => print(json === true ? JSON.stringify(event) : textOf(event));
  const onLost = (): void => void process.stderr.write("The connection is lost. The verb connects again.\n");
  try {
    await readStream(address, key, { onEvent, onLost, signal });
    return 0;
  } finally {
    process.off("SIGINT", end).off("SIGTERM", end);
  }
}

function textOf({ event, data }: StreamEvent): string {
  const now = new Date().toISOString();
  if (event !== "row") return `${now}   ${(data as { id: string }).id} left the board`;
  const row = toTableRow(data as PresentedRow, now);
  return [now, row.severity, row.phase, row.number, row.title, row.due]
    .filter((part) => part !== undefined)
    .join("   ");
}
