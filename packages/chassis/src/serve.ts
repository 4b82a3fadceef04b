import { refusal } from "@crossline/contracts";
import { isTransient } from "@crossline/postgres";
import { type Health, type Listening, type Metrics, createHttp, listen } from "@crossline/service";
import type { Tracing } from "@crossline/tracing";
import type { RunningParts, ServiceDefinition, ServiceDeps, ServiceRooms } from "./definition.ts";
import { serveInternal } from "./routes/internal.ts";

export type ServeDeps<Settings extends object, Handles extends object> = {
  readonly definition: ServiceDefinition<Settings, Handles>;
  readonly deps: ServiceDeps<Settings>;
  readonly base: { readonly health: Health; readonly metrics: Metrics; readonly tracing: Tracing };
  readonly rooms: ServiceRooms<Handles>;
  readonly running: RunningParts;
  readonly handles: Handles;
};

const version = "0.2.0";
const anyFreePort = { host: "127.0.0.1", port: 0 };
const unavailable = refusal("unavailable", "The database is not available at the moment.");

/** Opens the service's port, and serves the service's own routes and the internal routes that every service has. */
export async function serve<Settings extends object, Handles extends object>({
  definition: { openapi },
  deps: { database, log, settings, http: address = anyFreePort },
  base: { health, metrics, tracing },
  rooms,
  running,
  handles,
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
  const { timelineReport } = rooms;
  serveInternal(http, {
    database,
    internalKey,
    running,
    ...(timelineReport !== undefined && { timelineReport }),
  });
  await rooms.routes(http, running, handles);
  return listen(http, address);
}
