import { expect, test } from "vitest";
import { createRefusals } from "../src/kafka/refusals.ts";

const refused = Object.assign(new Error("not authorized"), { type: "TOPIC_AUTHORIZATION_FAILED", topic: "case" });
const sentence = "Kafka refuses a program without a user the right READ on the topic case.";

test("the first refusal of a kind of request is logged before a health check can show it", async () => {
  const logged: object[] = [];
  const add = (fields: object) => void logged.push(fields);
  const log = { debug: add, info: add, warn: add, error: add };
  const refusals = createRefusals({ brokers: ["kafka:9093"], clientId: "test", log });
  const request = (response: () => Promise<void>) =>
    refusals.watch("offsets", response, { right: "READ" }).catch(() => {});

  await request(() => Promise.reject(refused));
  expect(refusals.current()).toBe(sentence);
  expect(logged).toEqual([{ kind: "offsets", refusal: sentence }]);

  await request(() => Promise.reject(refused));
  expect(logged).toHaveLength(1);

  await request(async () => {});
  await request(() => Promise.reject(refused));
  expect(logged).toHaveLength(2);
});
