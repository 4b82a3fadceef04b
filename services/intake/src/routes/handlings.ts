import { newId, plainRequest, startHandlingRequest } from "@crossline/contracts";
import { z } from "zod";
import type { ServeChange } from "./serve-command.ts";

const handlingParams = z.object({ id: z.string(), handlingId: z.string().max(64) });

/** Serves the routes that start a handling, receive its heartbeats, and end it. */
export function serveHandlings(serve: ServeChange): void {
  serve({
    path: "handlings",
    type: "start-handling",
    operationId: "startHandling",
    summary: "Start a handling; the response contains the deadline of the next heartbeat",
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
    summary: "Send a heartbeat of a handling, so that the time of the handling counts",
    ...ofHandling,
  });
  serve({
    path: "handlings/:handlingId/end",
    type: "end-handling",
    operationId: "endHandling",
    summary: "End a handling",
    ...ofHandling,
  });
}
