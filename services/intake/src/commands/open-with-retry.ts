import { setTimeout as delay } from "node:timers/promises";
import { isRefusal } from "@crossline/service";
import type { CaseResult } from "./case-response.ts";
import type { WriteRequest } from "./case-writer.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";

// The number of waiting requests is limited, because each of them runs a transaction every 40 ms.
const waitingMax = 100;
const withinMs = 2_000;
const pauseMs = 40;
let waiting = 0;

/**
 * Opens a case. If the named line is unknown, intake retries the opening for 2 s, because it may not have read a new line yet. At most
 * 100 requests wait for a line at a time.
 */
export async function openWithRetry(write: WriteRequest, request: CaseRequest<OpenCommand>): Promise<CaseResult> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await write(request);
    if (!isRefusal(result) || result.code !== "unknown_line" || performance.now() >= deadline) return result;
    if (waiting >= waitingMax) return result;
    waiting++;
    await delay(pauseMs).finally(() => waiting--);
  }
}
