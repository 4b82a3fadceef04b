import { handlingChanged, newId, plainRequest, startHandlingRequest } from "@crossline/contracts";
import { z } from "zod";
import { standing } from "../commands/execute.ts";
import type { Done } from "../commands/item.ts";
import { presentBeats } from "../answers/present-case.ts";
import type { Serve } from "./serve-command.ts";

const handlingParams = z.object({ id: z.string(), handlingId: z.string().max(64) });

/** Live handlings: their beginning, their heartbeats and their end. */
export function serveHandlings(serve: Serve): void {
  serve({
    path: "handlings",
    operationId: "startHandling",
    summary: "Begin to work live with the customer: the answer says when the next heartbeat is due",
    body: startHandlingRequest,
    status: 201,
    answer: handlingChanged,
    command: ({ channel }) => {
      const handlingId = newId("hd");
      return {
        command: { type: "start-handling", handlingId, channel },
        answer: (done) => presentHandled(done, handlingId),
      };
    },
  });
  for (const [path, type, operationId, summary] of [
    ["heartbeat", "beat", "beatHandling", "The person is still there: its minutes go on counting"],
    ["end", "end-handling", "endHandling", "End a live handling"],
  ] as const) {
    serve({
      path: `handlings/:handlingId/${path}`,
      operationId,
      summary,
      params: handlingParams,
      body: plainRequest,
      status: 200,
      answer: handlingChanged,
      command: (_, { handlingId }) => ({
        command: { type, handlingId },
        answer: (done) => presentHandled(done, handlingId),
      }),
    });
  }
}

/** After its end nothing is wanted of a handling any more. */
function presentHandled(done: Done, id: string) {
  const live = done.state.handlings.find((handling) => handling.id === id);
  return { ...standing(done), id, ...(live !== undefined && presentBeats(done.state, live)) };
}
