import { authenticator } from "@crossline/access";
import { refusal } from "@crossline/contracts";
import { type Database, isTransient } from "@crossline/postgres";
import {
  authenticated,
  type Caller,
  createHttp,
  type Health,
  type Http,
  type Log,
  type Metrics,
} from "@crossline/service";
import type { Tracing } from "@crossline/tracing";

export type ServerOptions = {
  readonly log: Log;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
};

/** The HTTP server, without routes. */
export async function createServer({ log, health, metrics, tracing }: ServerOptions): Promise<Http> {
  return createHttp({
    version: "0.1.0",
    log,
    health,
    metrics,
    tracing,
    openapi: {
      title: "Crossline notification",
      description: "Webhooks: who wants to hear of what, and what became of it.",
    },
    faultToRefusal: (error) =>
      isTransient(error) ? refusal("unavailable", "The database cannot be reached at this moment.") : undefined,
  });
}

/** Adds routes that only parties of these kinds may call. */
export async function withCallers(
  http: Http,
  database: Database,
  kinds: readonly Caller["kind"][],
  add: (own: Http) => void,
): Promise<void> {
  await http.register(async (own) => {
    own.addHook("onRequest", authenticated(authenticator(database), kinds));
    add(own);
  });
}
