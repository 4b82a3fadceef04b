import type { Consumer } from "./consumer/consumer.ts";
import type { Relay } from "./relay.ts";

/** The chassis' health, or anything like it. A check answers nothing when all is well, else the reason. */
export type HealthChecks = {
  live(name: string, check: () => string | undefined): void;
  ready(name: string, check: () => string | undefined): void;
};

const stepMaxMs = 120_000;
const fetchAgeMaxMs = 5_000;
const stalledMaxMs = 10_000;

/**
 * Live: consumer and relay make progress, that is, each of their steps comes to an end, well or not. An outage of Kafka or
 * Postgres ends them with a fault, so it restarts nothing. (The longest honest step is a statement that is given up after 35 s,
 * or a send after some 60 s.) Ready: Kafka answers fetches, and takes what there is to send. Heartbeats count as answers: a
 * replica without partitions is as well as one that has some. Nor is it ready while the owner of a topic has not confirmed what
 * was lost of it, unless `losses` is false: for a service that can answer without.
 */
export function addMessagingChecks(
  checks: HealthChecks,
  { consumer, relay }: { readonly consumer: Consumer; readonly relay: Relay },
  { losses = true }: { readonly losses?: boolean } = {},
): void {
  const startedAt = performance.now();
  const seconds = (ms: number) => `${Math.round(ms / 1000)} s`;
  const unless = (ms: () => number, limitMs: number, say: (time: string) => string) => () =>
    ms() > limitMs ? say(seconds(ms())) : undefined;
  const step = (time: string) => `no step has come to an end for ${time}`;
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
    unless(fetchAgeMs, fetchAgeMaxMs, (time) => `the broker has not answered a fetch for ${time}`),
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
      (time) => `the broker has taken nothing for ${time}, and records wait`,
    ),
  );
}
