import type { Consumer } from "kafkajs";

/** A running watch over the responses to a kafkajs consumer. */
export type ResponseWatch = {
  /**
   * The time of the last response to a fetch or a heartbeat, by `performance.now()`. -Infinity before the first
   * response.
   */
  lastAnswerAt(): number;
  stop(): void;
};

/**
 * Watches a kafkajs consumer. Calls `onSilent` once if the consumer has received no response, or has been outside the
 * group, for `silentMs`. Kafkajs may report no error for a silent connection, for example to a former coordinator.
 */
export function watchResponses(consumer: Consumer, silentMs: number, onSilent: () => void): ResponseWatch {
  const opened = performance.now();
  let answeredAt = -Infinity;
  let memberAt = opened;
  consumer.on("consumer.group_join", () => {
    memberAt = performance.now();
  });
  consumer.on("consumer.heartbeat", () => {
    memberAt = performance.now();
  });
  consumer.on("consumer.network.request", ({ payload: { apiName } }) => {
    if (apiName === "Fetch" || apiName === "Heartbeat") answeredAt = performance.now();
  });
  const watch = setInterval(() => {
    if (performance.now() - Math.min(Math.max(answeredAt, opened), memberAt) <= silentMs) return;
    clearInterval(watch);
    onSilent();
  }, 1_000);
  return { lastAnswerAt: () => answeredAt, stop: () => clearInterval(watch) };
}
