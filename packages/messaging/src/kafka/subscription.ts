import { backoffMs, pause } from "../backoff.ts";
import type { Log, SubscribeOptions, Subscription } from "../broker.ts";
import { KafkaRefusedError, refusedMaxMs } from "./fault.ts";
import type { Refusals } from "./refusals.ts";
import type { Session } from "./session.ts";

/**
 * Opens one session after another until it is stopped, even if the brokers are unavailable for a long time. Two errors end
 * the subscription permanently: an error that no retry can fix, and a refusal that lasts from the start for 30 s. A later
 * refusal (a changed password, a right that is taken away) can pass, so the retries continue.
 */
export function keepSubscribed(
  open: (onFetched: () => void) => Session,
  options: SubscribeOptions,
  { log, refusals }: { readonly log: Log; readonly refusals: Refusals },
): Subscription {
  const { group } = options;
  const kind = `group ${group}`;
  let hasWorked = false;
  let refusedSince: number | undefined;
  const onFetched = (): void => {
    hasWorked = true;
    refusals.granted(kind);
  };
  const stopping = new AbortController();
  let session = open(onFetched);
  let lastAnswerAt = -Infinity;

  const supervise = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const opened = performance.now();
      const failure = await Promise.race([session.failed, aborted(stopping.signal)]);
      if (failure === undefined) return;
      // A member without partitions never fetches.
      hasWorked ||= performance.now() - opened > refusedMaxMs;
      const error = refusals.explain(kind, failure, { group, right: "READ" });
      if (error instanceof KafkaRefusedError) refusedSince ??= performance.now();
      else refusedSince = undefined;
      const isRefusedForGood = performance.now() - (refusedSince ?? Infinity) > refusedMaxMs && !hasWorked;
      lastAnswerAt = Math.max(lastAnswerAt, session.lastAnswerAt());
      if (isRefusedForGood || isFinal(error)) {
        log.error({ group, err: error }, "the subscription has ended permanently");
        options.onCrash(error);
        return;
      }
      const isLogged = Number.isInteger(Math.log2(attempt + 1)); // true for the tries 1, 2, 4, 8 …
      log[isLogged ? "warn" : "debug"](
        { group, attempt, err: error },
        "the membership in the group was lost; the member rejoins",
      );
      if (performance.now() - opened > 30_000) attempt = 0;
      const failed = session;
      await Promise.all([failed.stop(), pause(backoffMs(attempt, 200, 2_000), stopping.signal)]);
      if (!stopping.signal.aborted) session = open(onFetched);
    }
  };
  const supervised = supervise();

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await supervised;
    await session.stop();
  };
  return {
    stop: () => (stopped ??= stop()),
    assigned: () =>
      stopping.signal.aborted ? [] : session.assigned().map(({ topic, partition }) => ({ topic, partition })),
    lastFetchAgeMs: () => performance.now() - Math.max(lastAnswerAt, session.lastAnswerAt()),
  };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

const finalNames = ["KafkaJSNotImplemented", "KafkaJSServerDoesNotSupportApiKey"];
const finalTypes = ["INVALID_GROUP_ID", "INVALID_SESSION_TIMEOUT", "UNSUPPORTED_VERSION"];

function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, type } = error as Error & { type?: string };
  return finalNames.includes(name) || finalTypes.includes(type ?? "") || isFinal(error.cause);
}
