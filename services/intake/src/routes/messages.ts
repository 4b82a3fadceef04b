import {
  endMessageRequest,
  listOfCaseQuery,
  messageResultPage,
  messageSentRequest,
  newId,
  releaseMessageRequest,
  rewordMessageRequest,
  writeMessageRequest,
} from "@crossline/contracts";
import { type Http, callerOf, isRefusal, send } from "@crossline/service";
import { z } from "zod";
import { presentMessages } from "../responses/present-message.ts";
import { listMessageChanges } from "../store/messages.ts";
import { numberCursor, readNumberCursor } from "./cursor.ts";
import type { RouteDeps } from "./deps.ts";
import { serveOwnUp } from "./own-up.ts";
import { type ServeChange, createServeChange } from "./serve-command.ts";
import { caseParams, readVisible } from "./visible-case.ts";

const messageParams = z.object({ id: z.string(), messageId: z.string().max(64) });

/** Serves the routes of outbound messages. */
export function serveMessages(http: Http, deps: RouteDeps): void {
  serveMessageList(http, deps);
  serveOwnUp(http, deps);
  serveMessageCommands(createServeChange(http, deps));
}

function serveMessageList(http: Http, deps: RouteDeps): void {
  http.get(
    "/v1/cases/:id/messages",
    {
      schema: {
        operationId: "listMessages",
        summary: "List the outbound messages of the case, oldest first",
        params: caseParams,
        querystring: listOfCaseQuery,
        response: { 200: messageResultPage },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const after = readNumberCursor(query.cursor);
      if (isRefusal(after)) return send(reply, 200, after);
      const visible = await readVisible(deps, params.id, callerOf(request), reply);
      if (isRefusal(visible)) return send(reply, 200, visible);
      const page = { caseId: params.id, after, last: visible.state.sequence, limit: query.limit + 1 };
      const listed = presentMessages(await listMessageChanges(deps.database, page));
      const shown = listed.slice(0, query.limit);
      const next = listed.length > query.limit ? { next: numberCursor(shown.at(-1)?.place ?? 0) } : {};
      return send(reply, 200, { items: shown.map(({ message }) => message), ...next });
    },
  );
}

function serveMessageCommands(serve: ServeChange): void {
  serve({
    path: "messages",
    type: "write-message",
    operationId: "writeMessage",
    summary: "Write a message to the customer; the guard holds text that blames the customer or is only a link",
    body: writeMessageRequest,
    change: ({ text, channel, via, to, reason }) => ({
      messageId: newId("ms"),
      text,
      channel,
      via,
      email: to,
      reason,
    }),
  });
  serve({
    path: "messages/:messageId/reword",
    type: "reword-message",
    operationId: "rewordMessage",
    summary: "Change the text of a held message; an acceptable text is released at once",
    body: rewordMessageRequest,
    params: messageParams,
    change: ({ text }, { messageId }) => ({ messageId, text }),
  });
  serve({
    path: "messages/:messageId/release",
    type: "release-message",
    operationId: "releaseMessage",
    refuses: ["reason_needed"],
    summary: "Release a held message as a second person, or as its author with a reason",
    body: releaseMessageRequest,
    params: messageParams,
    change: ({ reason }, { messageId }) => ({ messageId, reason }),
  });
  serve({
    path: "messages/:messageId/withdraw",
    type: "withdraw-message",
    operationId: "withdrawMessage",
    summary: "Withdraw a message that was not sent",
    body: endMessageRequest,
    params: messageParams,
    change: ({ reason }, { messageId }) => ({ messageId, reason }),
  });
  serve({
    path: "messages/:messageId/sent",
    type: "report-sent",
    operationId: "reportMessageSent",
    summary: "Report that your CRM sent a message, which then answers the customer",
    body: messageSentRequest,
    params: messageParams,
    change: ({ sentAt }, { messageId }) => ({ messageId, sentAt }),
  });
  serve({
    path: "messages/:messageId/failed",
    type: "report-failed",
    operationId: "reportMessageFailed",
    summary: "Report that a message did not reach the customer; the obligations that it met are owed again",
    body: endMessageRequest,
    params: messageParams,
    change: ({ reason }, { messageId }) => ({ messageId, reason }),
  });
}
