import { newId, plainRequest, startHandlingRequest } from "@crossline/contracts";
import { z } from "zod";
import type { ServeChange } from "./serve-command.ts";

const handlingParams = z.object({ id: z.string(), handlingId: z.string().max(64) });

/** Live handlings: their beginning, their heartbeats and their end. */
export function serveHandlings(serve: ServeChange): void {
  serve({
    path: "handlings",
    type: "start-handling",
    operationId: "startHandling",
    summary: "Begin to work live with the customer: the answer says when the next heartbeat is due",
    body: startHandlingRequest,
    change: ({ channel }) => ({ handlingId: newId("hd"), channel }),
  });
  const ofHandling = {
    params: handlingParams,
    body: plainRequest,
    change: (_: unknown, { handlingId }: { readonly handlingId: string }) => ({ handlingId }),
  };
  serve({
    path: "handlings/:handlingId/heartbeat",
    type: "beat",
    operationId: "beatHandling",
    summary: "The person is still there: its minutes go on counting",
    ...ofHandling,
  });
  serve({
    path: "handlings/:handlingId/end",
    type: "end-handling",
    operationId: "endHandling",
    summary: "End a live handling",
    ...ofHandling,
  });
}
