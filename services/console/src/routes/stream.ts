import { refusal, streamQuery, streamText } from "@crossline/contracts";
import { type Http, authenticated, bearerKey, callerOf, refuse } from "@crossline/service";
import { readHead } from "../store/board-pages.ts";
import { findOpenSession } from "../store/sessions.ts";
import type { RouteDeps } from "./deps.ts";

const tooMany = refusal("overloaded", "This process has too many open streams. Try again in a moment.", {
  retryAfterSeconds: 5,
});

/**
 * Registers `GET /v1/stream`: the changed rows of the caller's board as server-sent events. A client that sends `Last-Event-ID`
 * continues without a lost or doubled row, because each row has the position of its last change.
 */
export function serveStream(http: Http, { database, authenticate, streams, recordRead }: RouteDeps): void {
  http.get(
    "/v1/stream",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "streamRows",
        summary: "Receive the changed rows of your board as server-sent events",
        tags: ["console"],
        refuses: ["overloaded"],
        querystring: streamQuery,
        responses: { 200: { schema: streamText, mediaType: "text/event-stream" } },
      },
    },
    async (request, reply) => {
      const { party, session } = callerOf(request);
      const { scope, timeline, after } = request.query;
      const position = lastEventId(request.headers["last-event-id"]) ?? after ?? (await readHead(database, party));
      const credential = bearerKey(request) ?? "";
      // The assertion of a session expires within a minute, and the session itself later. A stream of the operator's key ends with its
      // assertion, because only intake can check the key again. Its client reconnects, and loses no row.
      const isAllowed = async (): Promise<boolean> => {
        if (session !== undefined) return (await findOpenSession(database, session.id)) !== undefined;
        const holder = await authenticate(credential);
        return holder !== undefined && !("expiredAt" in holder);
      };
      if (streams.isFull(party)) return refuse(reply, tooMany);
      recordRead(request);
      reply.hijack();
      reply.raw.writeHead(200, {
        "content-type": "text/event-stream",
        "x-request-id": request.id,
        "cache-control": "no-store",
        "x-accel-buffering": "no", // A proxy such as nginx must not collect the events.
      });
      reply.raw.write(`retry: 1000\n\n`);
      streams.open({ party, timeline, scope, position, isAllowed }, reply.raw);
      return reply;
    },
  );
}

function lastEventId(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
