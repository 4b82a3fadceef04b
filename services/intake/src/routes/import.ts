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

// Each holds a connection to the database for as long as its sender likes.
const importsMax = 16;
const importsPerCarrierMax = 4;
const linePatienceMs = 2_000;
const lineAgainMs = 40;

/** `POST /v1/timelines/:id/import`: a recorded history, streamed. */
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
          description: `A stream of rows, one JSON document a line (\`${importMediaType}\`). A repetition goes on where the last one ended: rows that are in are passed over.`,
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
          return send(reply, 200, refusal("unsupported_media_type", `Send rows as content-type: ${importMediaType}.`));
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
      return refusal("overloaded", "Too many imports run at once; wait for one to end.", { retryAfterSeconds: 5 });
    }
    running.push(caller.party);
    // An import that is refused halfway leaves the rest of the body to the chassis, which keeps the connection.
    const rows = body.iterator({ destroyOnReturn: false });
    return importAlone(deps, { timeline: id, carrier: caller.party, line }, rows).finally(() =>
      running.splice(running.indexOf(caller.party), 1),
    );
  }

  /** A line that was published a moment ago may not be read here yet. */
  async function refuseUnobserving(carrier: string, name: string): Promise<Refusal | undefined> {
    const deadline = performance.now() + linePatienceMs;
    for (;;) {
      const [matched] = await matchLines(database, [{ carrier, name }]);
      if (matched?.version != null) {
        const isObserving = matched.mode === "observe";
        return isObserving ? undefined : refuseLine(`${name} does not only observe; a history moves nobody.`);
      }
      if (performance.now() >= deadline) return refuseLine(`${carrier} has published no line named ${name}.`);
      await delay(lineAgainMs);
    }
  }
}

/** One at a time into each timeline, in all processes. */
function importAlone(
  { database, guard, onCommitted }: RouteDeps,
  target: ImportTarget,
  stream: AsyncIterable<Uint8Array>,
) {
  const { timeline: id } = target;
  return database.session(async (session, lost) => {
    if (!(await tryLockImport(session, id, "session"))) {
      return refusal("import_in_progress", "Wait for it, or stop it; two would take each other's rows.", {
        retryAfterSeconds: 1,
      });
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
