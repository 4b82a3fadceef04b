import { refusal } from "@crossline/contracts";
import type { FastifyInstance } from "fastify";
import type { Health } from "../health.ts";
import type { Metrics } from "../metrics.ts";
import { internalOnly } from "./caller.ts";
import { sendProblem } from "./refusal.ts";

/**
 * Serves `/health/live`, `/health/ready` and `/metrics`. If a check fails, the response is 503 with the reasons. A
 * probe writes no log message, because probes arrive every second. If `metricsKey` is set, only a client with this key
 * can read the metrics. Set `metricsKey` if companies can reach the address, because the totals would reveal the work
 * of all companies.
 */
export function serveProbes(http: FastifyInstance, health: Health, metrics: Metrics, metricsKey?: string): void {
  for (const kind of ["live", "ready"] as const) {
    http.get(`/health/${kind}`, { schema: { hide: true } }, async (_request, reply) => {
      const { ok, checks } = await health.report(kind);
      if (ok) return reply.send({ status: "ok", checks });
      const failed = Object.entries(checks).filter(([, result]) => result !== "ok");
      const detail = failed.map(([name, reason]) => `${name}: ${reason}`).join("; ");
      return sendProblem(reply, refusal("unavailable", detail, { facts: { checks } }));
    });
  }
  http.get(
    "/metrics",
    { ...(metricsKey !== undefined && { onRequest: internalOnly(metricsKey) }), schema: { hide: true } },
    async (_request, reply) => reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
}
