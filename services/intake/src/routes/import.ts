import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type Refusal, importMediaType, importQuery, importRows, importResponse, refusal } from "@crossline/contracts";
import { type Caller, type Http, authenticated, callerOf, isRefusal, send } from "@crossline/service";
import type { ImportTarget } from "../commands/import-rows.ts";
import { refuseLine } from "../commands/match-line.ts";
import { matchLines } from "../store/lines.ts";
import { findTimeline, tryLockImport } from "../store/timelines.ts";
import { importStream } from "../commands/import-stream.ts";
import type { RouteDeps } from "./deps.ts";
import { idempotencyOf } from "./post-request.ts";
import { findOwned, refuseEnded, timelineParams, unknownTimeline } from "./timelines.ts";

// Each running import keeps a database connection until the sender ends the stream.
const importsMax = 16;
const importsPerCarrierMax = 4;
const lineWithinMs = 2_000;
const lineRetryMs = 40;

/** Serves `POST /v1/timelines/:id/import`, which imports a recorded history from a stream. */
export function serveImport(http: Http, deps: RouteDeps): void {
  const { database } = deps;
  const running: string[] = [];
  void http.register((plain, _options, done) => {
    const scope = plain as unknown as Http;
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, payload, parsed) => parsed(null, payload));
    scope.post(
      "/v1/timelines/:id/import",
      {
        onRequest: authenticated(deps.authenticate, ["carrier"]),
        config: { streams: true },
        schema: {
          operationId: "importHistory",
          summary: "Import a recorded history",
          refuses: ["forbidden", "import_in_progress", "timeline_ended", "unknown_line"],
          description: `The body is a stream of rows with one JSON document in each line (\`${importMediaType}\`). A repeated import skips the rows that are imported already.`,
          params: timelineParams,
          querystring: importQuery,
          sends: { schema: importRows, mediaType: importMediaType },
          response: { 200: importResponse },
        },
      },
      async (request, reply) => {
        const key = idempotencyOf(request, undefined);
        if (isRefusal(key)) return send(reply, 200, key);
        const { body } = request;
        if (!(body instanceof Readable) || !request.headers["content-type"]?.startsWith(importMediaType)) {
          return send(
            reply,
            200,
            refusal("unsupported_media_type", `Send the rows with the header content-type: ${importMediaType}.`),
          );
        }
        const result = await runImport(request.params.id, callerOf(request), request.query.line, body);
        return send(reply, 200, result);
      },
    );
    done();
  });

  async function runImport(id: string, caller: Caller, line: string | undefined, body: Readable) {
    const timeline = await findOwned(database, id, caller, "import");
    if (isRefusal(timeline)) return timeline;
    if (timeline.endedAt !== null) return refuseEnded(timeline);
    const refused = line === undefined ? undefined : await refuseUnobserving(caller.party, line);
    if (refused !== undefined) return refused;
    const own = running.filter((carrier) => carrier === caller.party).length;
    if (own >= importsPerCarrierMax || running.length >= importsMax) {
      return refusal("overloaded", "Too many imports are running. Wait until one has ended.", { retryAfterSeconds: 5 });
    }
    running.push(caller.party);
    // If intake refuses a row, the chassis reads the rest of the body, so that the client can use the connection again.
    const rows = body.iterator({ destroyOnReturn: false });
    return importAlone(deps, { timeline: id, carrier: caller.party, line }, rows).finally(() =>
      running.splice(running.indexOf(caller.party), 1),
    );
  }

  /**
   * Returns a refusal if the line is not an observing line. Waits up to 2 s for an unknown line, because intake may not have read a new
   * line yet.
   */
  async function refuseUnobserving(carrier: string, name: string): Promise<Refusal | undefined> {
    const deadline = performance.now() + lineWithinMs;
    for (;;) {
      const [matched] = await matchLines(database, [{ carrier, name }]);
      if (matched?.version != null) return matched.mode === "observe" ? undefined : refuseMode(name);
      if (performance.now() >= deadline) return refuseLine(`${carrier} has published no line with the name ${name}.`);
      await delay(lineRetryMs);
    }
  }
}

function refuseMode(name: string): Refusal {
  return refuseLine(
    `An import needs a line with the mode observe, because imported cases do not cross. The line ${name} has another mode.`,
  );
}

/** Imports a stream. Refuses the stream if any process is already importing into the same timeline. */
function importAlone(
  { database, guard, onCommitted }: RouteDeps,
  target: ImportTarget,
  stream: AsyncIterable<Uint8Array>,
) {
  const { timeline: id } = target;
  return database.session(async (session, lost) => {
    if (!(await tryLockImport(session, id, "session"))) {
      return refusal(
        "import_in_progress",
        "Another import into this timeline is running. Wait until it has ended, or stop it.",
        {
          retryAfterSeconds: 1,
        },
      );
    }
    const row = await findTimeline(session, id);
    if (row === undefined) return unknownTimeline;
    const result = await importStream(
      { database, guard, onCommitted },
      { target, importedRows: row.importedRows, stream },
      lost,
    );
    const { fault, ...counts } = result;
    return fault === undefined ? counts : { ...fault, facts: { ...fault.facts, ...counts } };
  });
}
