import { refusal } from "@crossline/contracts";
import { isTransient } from "@crossline/postgres";
import { type Health, type Http, type Listening, type Metrics, createHttp, listen, scopeOf } from "@crossline/service";
import type { Tracing } from "@crossline/tracing";
import { buildOf, registerBuild, version } from "./build.ts";
import type { RunningParts, ServiceDefinition, ServiceDeps, ServiceRooms } from "./definition.ts";
import { serveInternal } from "./routes/internal.ts";
import { serveVersion } from "./routes/version.ts";

export type ServeDeps<Settings extends object, Handles extends object> = {
  readonly definition: ServiceDefinition<Settings, Handles>;
  readonly deps: ServiceDeps<Settings>;
  readonly base: { readonly health: Health; readonly metrics: Metrics; readonly tracing: Tracing };
  readonly rooms: ServiceRooms<Handles>;
  readonly running: RunningParts;
  readonly handles: Handles;
  /** Adds the hooks of the action log. */
  readonly record: (http: Http) => void;
};

const anyFreePort = { host: "127.0.0.1", port: 0 };
const unavailable = refusal("unavailable", "The database is not available at the moment.");

/** Opens the service's port, and serves the service's own routes and the routes that every service has. */
export async function serve<Settings extends object, Handles extends object>({
  definition: { name, openapi, reads },
  deps: { database, log, settings, http: address = anyFreePort },
  base: { health, metrics, tracing },
  rooms,
  running,
  handles,
  record,
}: ServeDeps<Settings, Handles>): Promise<Listening> {
  const { internalKey } = settings;
  const { completeOpenApi, ...options } = rooms.http ?? {};
  const http = await createHttp({
    version,
    log,
    health,
    metrics,
    tracing,
    ...options,
    openapi: { ...openapi, ...(completeOpenApi !== undefined && { complete: completeOpenApi }) },
    faultToRefusal: (error) => (isTransient(error) ? unavailable : undefined),
  });
  requireScopes(http);
  record(http);
  const build = buildOf(name, settings.commit);
  registerBuild(metrics, build);
  serveVersion(http, build);
  const { timelineReport, operationReport } = rooms;
  serveInternal(http, {
    database,
    internalKey,
    running,
    health,
    findHeads: reads.findHeads ?? {},
    ...(operationReport !== undefined && { operationReport }),
    ...(timelineReport !== undefined && { timelineReport }),
  });
  await rooms.routes(http, running, handles);
  return listen(http, address);
}

/**
 * Throws an Error for a route under `/v1` that needs an API key and has no scope. An API key with scopes could not call the route, so the service does not
 * start.
 */
function requireScopes(http: Http): void {
  http.addHook("onRoute", ({ method, url, schema, config }) => {
    const isPublic = schema?.security?.length === 0;
    if (!url.startsWith("/v1/") || isPublic || config?.forwards === true) return;
    const unscoped = [method].flat().find((one) => scopeOf({ method: one, url, schema }) === undefined);
    if (unscoped !== undefined)
      throw new Error(`The route ${unscoped} ${url} has no scope: packages/service/src/http/scope.ts lacks its room`);
  });
}
