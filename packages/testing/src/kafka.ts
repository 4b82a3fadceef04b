import { inject } from "vitest";

/**
 * Brokers of the run's Kafka, started by the first test that asks; undefined where none is to be had (the run has said why),
 * for `describe.skipIf`. With CROSSLINE_REQUIRE_KAFKA=1 that is an error, and always where one should start and does not.
 */
export async function kafkaBrokers(): Promise<string[] | undefined> {
  const response = await fetch(new URL("/kafka", inject("parts").url));
  const answer = (await response.json()) as { brokers?: string[]; reason?: string; fault?: string };
  if (answer.brokers !== undefined) return answer.brokers;
  if (answer.fault !== undefined) throw new Error(`Kafka did not start: ${answer.fault}`);
  if (process.env["CROSSLINE_REQUIRE_KAFKA"] === "1") throw new Error(`no Kafka to be had: ${answer.reason}`);
  return undefined;
}
