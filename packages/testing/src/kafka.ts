import { inject } from "vitest";

/**
 * Returns the brokers of the run's Kafka, which the first caller starts. If Kafka cannot run here, the function returns
 * undefined for `describe.skipIf`, and the run prints the reason. If CROSSLINE_REQUIRE_KAFKA is 1, the function throws
 * an error in place of undefined. The function always throws if Kafka can run but fails to start.
 */
export async function kafkaBrokers(): Promise<string[] | undefined> {
  const response = await fetch(new URL("/kafka", inject("onDemand").url));
  const kafka = (await response.json()) as { brokers?: string[]; reason?: string; fault?: string };
  if (kafka.brokers !== undefined) return kafka.brokers;
  if (kafka.fault !== undefined) throw new Error(`Kafka did not start: ${kafka.fault}`);
  if (process.env["CROSSLINE_REQUIRE_KAFKA"] === "1") throw new Error(`Kafka cannot run here: ${kafka.reason}`);
  return undefined;
}
