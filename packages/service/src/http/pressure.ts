import { z } from "zod";
import { internalOnly } from "./caller.ts";
import type { Http } from "./create.ts";
import { send } from "./refusal.ts";

/** What waits in a service, in records: what it has not applied, and what it has decided and not sent. */
export const pressure = z.object({ lag: z.int().min(0), outbox: z.int().min(0) });

export type ServicePressure = z.output<typeof pressure>;

type PressureSources = {
  readonly consumer: { behind(): number; pending(): number };
  readonly relay: { depth(): Promise<number> };
};

/** The pressure of a service: of this process' partitions and its schema's outbox. Costs two looks into an index. */
export async function pressureOf({ consumer, relay }: PressureSources): Promise<ServicePressure> {
  // How far it is behind is as of the last second, what was fetched is as of now.
  return { lag: Math.max(consumer.behind(), consumer.pending()), outbox: await relay.depth() };
}

/** `GET /internal/pressure`, for intake: how much it lets in depends on the slowest part. */
export function servePressure(http: Http, internalKey: string, parts: PressureSources): void {
  http.get(
    "/internal/pressure",
    { onRequest: internalOnly(internalKey), schema: { hide: true, response: { 200: pressure } } },
    async (_request, reply) => send(reply, 200, await pressureOf(parts)),
  );
}
