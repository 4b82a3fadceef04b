import type { Consumer } from "kafkajs";

export type ResponseWatch = {
  /** When the broker last answered a fetch or a heartbeat, by `performance.now()`; -Infinity before the first time. */
  lastAnswerAt(): number;
  stop(): void;
};

/**
 * Watches a kafkajs consumer and calls `onSilent` once when it has been without an answer, or outside its group, for too
 * long. It can end up so without any error: with a connection to a coordinator of yesterday, say.
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
