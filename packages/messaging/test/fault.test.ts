import { expect, test } from "vitest";
import type { KafkaConnection } from "../src/kafka/client.ts";
import { type RefusedRequests, describeClosedConnection, describeRefusal } from "../src/kafka/fault.ts";

const brokers = ["kafka:9093"];
const user = { brokers, sasl: { mechanism: "plain", username: "timer", password: "hunter2" } } as const;
const tls = { ...user, ssl: { ca: "the authority" } };

/** Returns an error of kafkajs below two other errors, as the callers of kafkajs see it. */
function wrapped(fields: object, message = "kafkajs says so"): Error {
  const cause = Object.assign(new Error(message), fields);
  return new Error("Kafka has not accepted all records", { cause: new Error("retries exceeded", { cause }) });
}

test.each<[object, KafkaConnection & RefusedRequests, string]>([
  [
    { name: "KafkaJSSASLAuthenticationError" },
    user,
    "Kafka refuses the user timer or its password: check KAFKA_USER and KAFKA_PASSWORD_FILE.",
  ],
  [
    { code: "CERT_NOT_YET_VALID", broker: "kafka:9093" },
    tls,
    "The certificate of Kafka at kafka:9093 or of its authority in KAFKA_CA_FILE is not valid yet: check the clocks of both machines.",
  ],
  [
    { code: "ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", broker: "kafka:9093" },
    { ...tls, ssl: { cert: "the certificate" } },
    "Kafka at kafka:9093 refuses the client certificate in KAFKA_CERT_FILE.",
  ],
  [
    { type: "GROUP_AUTHORIZATION_FAILED" },
    { ...user, group: "timer" },
    "Kafka refuses timer the right READ on the group timer.",
  ],
  [
    { type: "CLUSTER_AUTHORIZATION_FAILED", apiName: "CreateAcls" },
    { brokers },
    "Kafka refuses a program without a user the right ALTER on the cluster.",
  ],
  [
    { type: "TOPIC_AUTHORIZATION_FAILED", apiName: "Metadata", topics: ["b", "a", "b"] },
    { ...user, right: "WRITE" },
    "Kafka refuses timer the right WRITE on the topics a, b.",
  ],
  [
    { type: "TOPIC_AUTHORIZATION_FAILED", apiName: "AlterConfigs", topics: ["a"] },
    { ...user, right: "READ" },
    "Kafka refuses timer the right ALTER_CONFIGS on the topic a.",
  ],
  [
    {
      apiName: "CreateTopics",
      errors: [
        { type: "TOPIC_ALREADY_EXISTS", topic: "a" },
        { type: "TOPIC_AUTHORIZATION_FAILED", topic: "b" },
      ],
    },
    user,
    "Kafka refuses timer the right CREATE on the topic b.",
  ],
])("%j", (fields, place, sentence) => {
  expect(describeRefusal(wrapped(fields), place)).toBe(sentence);
});

test.each([
  ["a refused TCP connection", { name: "KafkaJSConnectionError", code: "ECONNREFUSED" }],
  ["a closed connection", { name: "KafkaJSConnectionClosedError", broker: "kafka:9093" }],
  ["a coordinator that is loading", { type: "GROUP_LOAD_IN_PROGRESS" }],
  ["an error of another connection's TLS", { code: "ERR_SSL_WRONG_VERSION_NUMBER" }],
])("%s is an outage, and gives no sentence", (_, fields) => {
  expect(describeRefusal(wrapped(fields), tls)).toBeUndefined();
});

test("a connection with TLS and a user that Kafka closes is an outage", () => {
  const closed = wrapped({ name: "KafkaJSConnectionClosedError", broker: "kafka:9093" });
  expect(describeClosedConnection(closed, tls)).toBeUndefined();
  expect(describeClosedConnection(closed, user)).toContain("KAFKA_TLS");
});
