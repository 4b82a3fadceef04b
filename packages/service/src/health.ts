/** Asked often, so it must be cheap. Answers nothing when all is well, else the reason in a few words, without secrets. */
export type HealthCheck = () => string | undefined | Promise<string | undefined>;

export type HealthReport = { readonly ok: boolean; readonly checks: Readonly<Record<string, string>> };

/**
 * Two questions that an orchestrator asks. *Live*: does it make progress, or will only a restart help? *Ready*: can it do its
 * work now? An outage of a neighbour makes a service unready, never dead.
 */
export interface Health {
  live(name: string, check: HealthCheck): void;
  ready(name: string, check: HealthCheck): void;
  report(kind: "live" | "ready"): Promise<HealthReport>;
}

const answerWithinMs = 2_000;

/** A service's health; its checks are registered as its parts start. With no checks at all it is well. */
export function createHealth(): Health {
  const checks = { live: new Map<string, HealthCheck>(), ready: new Map<string, HealthCheck>() };
  // Several probes at once share one run, so that a slow check is not asked again and again.
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
  return { ok: entries.every(([, answer]) => answer === "ok"), checks: Object.fromEntries(entries) };
}

async function run(check: HealthCheck): Promise<string | undefined> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(late.resolve, answerWithinMs, `no answer within ${answerWithinMs} ms`);
  try {
    return await Promise.race([check(), late.promise]);
  } catch {
    return "the check failed";
  } finally {
    clearTimeout(timer);
  }
}
