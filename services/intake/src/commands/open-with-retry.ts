import { setTimeout as delay } from "node:timers/promises";
import { isRefusal } from "@crossline/service";
import type { CaseResult } from "./case-response.ts";
import type { WriteRequest } from "./case-writer.ts";
import type { CaseRequest, OpenCommand } from "./request.ts";

// The number is limited, because each waiting request runs a transaction every 40 ms.
const waitingMax = 100;
const withinMs = 2_000;
const pauseMs = 40;
let waiting = 0;

/** Opens a case. Intake may not have read a new line yet, so up to 100 requests retry an unknown line for 2 s. */
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
