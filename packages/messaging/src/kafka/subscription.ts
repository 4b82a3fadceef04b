import { backoffMs, pause } from "../backoff.ts";
import type { Log, SubscribeOptions, Subscription } from "../broker.ts";
import type { Session } from "./session.ts";

/**
 * Opens one session after another until it is stopped, even if the brokers are unavailable for a long time. Only an
 * error that no retry can fix (a wrong password, a missing permission) ends the subscription permanently.
 */
export function keepSubscribed(open: () => Session, options: SubscribeOptions, log: Log): Subscription {
  const { group } = options;
  const stopping = new AbortController();
  let session = open();
  let lastAnswerAt = -Infinity;

  const supervise = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted; attempt++) {
      const opened = performance.now();
      const error = await Promise.race([session.failed, aborted(stopping.signal)]);
      if (error === undefined) return;
      lastAnswerAt = Math.max(lastAnswerAt, session.lastAnswerAt());
      if (isFinal(error)) {
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
      if (!stopping.signal.aborted) session = open();
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

const finalNames = ["KafkaJSSASLAuthenticationError", "KafkaJSNotImplemented", "KafkaJSServerDoesNotSupportApiKey"];
const finalTypes = [
  "TOPIC_AUTHORIZATION_FAILED",
  "GROUP_AUTHORIZATION_FAILED",
  "CLUSTER_AUTHORIZATION_FAILED",
  "SASL_AUTHENTICATION_FAILED",
  "UNSUPPORTED_SASL_MECHANISM",
  "INVALID_GROUP_ID",
  "INVALID_SESSION_TIMEOUT",
  "UNSUPPORTED_VERSION",
];

function isFinal(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, type } = error as Error & { type?: string };
  return finalNames.includes(name) || finalTypes.includes(type ?? "") || isFinal(error.cause);
}
