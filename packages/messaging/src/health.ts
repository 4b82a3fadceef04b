import type { Consumer } from "./consumer/consumer.ts";
import type { Relay } from "./relay.ts";

/** The health checks of a process. A check returns undefined if it passes, otherwise the reason why it fails. */
export type HealthChecks = {
  live(name: string, check: () => string | undefined): void;
  ready(name: string, check: () => string | undefined): void;
};

const stepMaxMs = 120_000;
const fetchAgeMaxMs = 5_000;
const fetchLateMs = 2_000;
const stalledMaxMs = 10_000;

/**
 * Returns the time without a response to a fetch or heartbeat, in milliseconds, after which a process is not ready. An
 * idle consumer gets a response at least once in its `pollMs`.
 */
export function brokerSilenceMaxMs(pollMs = 0): number {
  return Math.max(fetchAgeMaxMs, pollMs + fetchLateMs);
}

/**
 * Adds the health checks of consumer and relay. A replica is live while no step of the consumer or of the relay runs
 * for too long. In an outage of Kafka or Postgres each step ends with a fault, so the replica stays live. The longest
 * normal step is a statement that times out after 35 s, or a send that fails after about 60 s.
 *
 * A replica is ready while Kafka responds to fetches or heartbeats and accepts records. A replica without partitions
 * can be ready, because the responses to its heartbeats count. A replica is not ready while the owner of a topic has
 * not confirmed lost records. `losses: false` omits the check of lost records in a service whose responses do not need
 * these records. `pollMs` is the interval of a consumer that polls less often than once a second.
 */
export function addMessagingChecks(
  checks: HealthChecks,
  { consumer, relay }: { readonly consumer: Consumer; readonly relay: Relay },
  { losses = true, pollMs }: { readonly losses?: boolean; readonly pollMs?: number | undefined } = {},
): void {
  const startedAt = performance.now();
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const unless = (ms: () => number, limitMs: number, toReason: (time: string) => string) => () =>
    ms() > limitMs ? toReason(seconds(ms())) : undefined;
  const step = (time: string) => `no step has ended for ${time}`;
  checks.live(
    "consumer",
    unless(() => consumer.silentMs(), stepMaxMs, step),
  );
  checks.live(
    "relay",
    unless(() => relay.silentMs(), stepMaxMs, step),
  );
  const fetchAgeMs = () => Math.min(consumer.lastFetchAgeMs(), performance.now() - startedAt);
  checks.ready(
    "broker",
    unless(fetchAgeMs, brokerSilenceMaxMs(pollMs), (time) => `the broker has not responded to a fetch for ${time}`),
  );
  if (losses) {
    checks.ready("losses", () => {
      const [first, ...others] = consumer.unconfirmed();
      const more = others.length === 0 ? "" : ` and ${others.length} more partitions`;
      return first === undefined
        ? undefined
        : `records of ${first}${more} were lost; their owner has not confirmed its last sequences`;
    });
  }
  checks.ready(
    "relay",
    unless(
      () => relay.stalledMs(),
      stalledMaxMs,
      (time) => `the broker has accepted nothing for ${time}, and records wait`,
    ),
  );
}
