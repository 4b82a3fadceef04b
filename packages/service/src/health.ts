/**
 * A health check. The function returns undefined on success, and otherwise a short reason without secrets. The check runs often,
 * so it must be cheap.
 */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

/**
 * The result of all checks of one kind. `checks` has `ok` for each check that succeeded, and the reason for each check that
 * failed.
 */
export type HealthReport = { readonly ok: boolean; readonly checks: Readonly<Record<string, string>> };

/**
 * The health of a service, as an orchestrator queries it. A *live* service makes progress. Only a restart helps a service that is
 * not live. A *ready* service can do its work now. An outage of another component makes a service unready, never dead.
 */
export interface Health {
  live(name: string, check: HealthCheck): void;
  ready(name: string, check: HealthCheck): void;
  report(kind: "live" | "ready"): Promise<HealthReport>;
}

const resultWithinMs = 2_000;

/** Creates the health of a service. Components register their checks when they start. A report without checks is ok. */
export function createHealth(): Health {
  const checks = { live: new Map<string, HealthCheck>(), ready: new Map<string, HealthCheck>() };
  // Concurrent probes share one run, so that a slow check does not run many times at once.
  const running: Partial<Record<"live" | "ready", Promise<HealthReport>>> = {};
  return {
    live: (name, check) => void checks.live.set(name, check),
    ready: (name, check) => void checks.ready.set(name, check),
    report: (kind) =>
      (running[kind] ??= runAll(checks[kind]).finally(() => {
        delete running[kind];
      })),
  };
}

async function runAll(checks: ReadonlyMap<string, HealthCheck>): Promise<HealthReport> {
  const entries = await Promise.all(
    [...checks].map(async ([name, check]) => [name, (await run(check)) ?? "ok"] as const),
  );
  return { ok: entries.every(([, result]) => result === "ok"), checks: Object.fromEntries(entries) };
}

async function run(check: HealthCheck): Promise<string | undefined> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(late.resolve, resultWithinMs, `no result within ${resultWithinMs} ms`);
  try {
    return await Promise.race([check(), late.promise]);
  } catch {
    return "the check failed";
  } finally {
    clearTimeout(timer);
  }
}
