import { z } from "zod";
import { internalOnly } from "./caller.ts";
import type { Http } from "./create.ts";
import { send } from "./refusal.ts";

/**
 * The backlog of a service. `lag` counts the records that the service has not applied. `outbox` counts the messages that the
 * service has not sent.
 */
export const pressure = z.object({ lag: z.int().min(0), outbox: z.int().min(0) });

export type ServicePressure = z.output<typeof pressure>;

type PressureSources = {
  readonly consumer: { behind(): number; pending(): number };
  readonly relay: { depth(): Promise<number> };
};

/**
 * Returns the pressure of a service, computed from the partitions of this process and the schema's outbox. A call costs two index
 * lookups.
 */
export async function pressureOf({ consumer, relay }: PressureSources): Promise<ServicePressure> {
  // `behind` was measured within the last second. `pending` is measured now.
  return { lag: Math.max(consumer.behind(), consumer.pending()), outbox: await relay.depth() };
}

/** Serves `GET /internal/pressure`. Intake admits as many requests as the slowest service can process. */
export function servePressure(http: Http, internalKey: string, sources: PressureSources): void {
  http.get(
    "/internal/pressure",
    { onRequest: internalOnly(internalKey), schema: { hide: true, response: { 200: pressure } } },
    async (_request, reply) => send(reply, 200, await pressureOf(sources)),
  );
}
