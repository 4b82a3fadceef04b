import { presentPosition, readPosition } from "@crossline/chassis";
import {
  type Actor,
  type JournalPage,
  type ReceivedMessage,
  formatInstant,
  journalPage,
  journalQuery,
  topicNoun,
} from "@crossline/contracts";
import { sentenceOf } from "@crossline/domain";
import { type Http, authenticated, callerOf, isRefusal, send, setTimelineHeader } from "@crossline/service";
import { z } from "zod";
import { findCaseFacts } from "./case-facts.ts";
import type { RouteDeps } from "./deps.ts";

/** Registers `GET /v1/cases/:id/journal`. */
export function serveJournal(http: Http, { database, authenticate, partitions }: RouteDeps): void {
  http.get(
    "/v1/cases/:id/journal",
    {
      onRequest: authenticated(authenticate),
      schema: {
        operationId: "readJournal",
        summary: "Read every fact of a case that you may read, the oldest first",
        tags: ["console"],
        refuses: ["not_found"],
        params: z.object({ id: z.string() }),
        querystring: journalQuery,
        response: { 200: journalPage },
      },
    },
    async (request, reply) => {
      const { after, limit } = request.query;
      const facts = await findCaseFacts(database, request.params.id, callerOf(request));
      if (isRefusal(facts)) return send(reply, 200, facts);
      setTimelineHeader(reply, facts.all[0]?.timeline ?? "");
      const { facts: readable } = facts.readable;
      const shown = readable.slice(after, after + limit);
      const hasMore = readable.length > after + shown.length;
      return send(reply, 200, {
        caseId: request.params.id,
        items: shown.map((fact, index) => presentFact(fact, after + index + 1)),
        ...(hasMore && { next: after + shown.length }),
        asOf: presentPosition(await readPosition(database, partitions)),
      });
    },
  );
}

function presentFact(fact: ReceivedMessage, number: number): JournalPage["items"][number] {
  const { id, time, topic, sequence, type, data } = fact;
  const { actor, ...rest } = data as { readonly actor?: Actor } & Record<string, unknown>;
  return {
    number,
    id,
    at: formatInstant(time),
    topic: topicNoun(topic) as JournalPage["items"][number]["topic"],
    sequence,
    type,
    ...(actor !== undefined && { actor }),
    text: sentenceOf(fact),
    data: rest,
  };
}
