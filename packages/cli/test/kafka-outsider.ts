import { type KafkaConnection, kafkajsConnection } from "@crossline/messaging";
// oxlint-disable-next-line no-restricted-imports -- these functions play outsiders, with the rights of each user
import { Kafka, logLevel } from "kafkajs";

/** Returns a plain Kafka client that is no part of Crossline. */
export function outsider(connection: KafkaConnection): Kafka {
  // The first group of a new broker has no coordinator for a moment.
  const retry = { retries: 6, initialRetryTime: 50 };
  return new Kafka({ clientId: "test", logLevel: logLevel.NOTHING, ...kafkajsConnection(connection), retry });
}

/** Returns "ok", or the reason why Kafka refuses a record. */
export async function writeAs(connection: KafkaConnection, topic: string): Promise<string> {
  const producer = outsider(connection).producer({ allowAutoTopicCreation: false });
  try {
    await producer.connect();
    await producer.send({ topic, messages: [{ key: "cs_1", value: "{}" }] });
    return "ok";
  } catch (error) {
    return refusalOf(error);
  } finally {
    await producer.disconnect();
  }
}

/** Returns "ok" if the user reads the first record of the topic in this group, or the reason why Kafka refuses it. */
export async function readAs(connection: KafkaConnection, topic: string, group: string): Promise<string> {
  const reading = await follow(connection, topic, group);
  const outcome = await Promise.race([reading.first.then(() => "ok"), reading.refusal]);
  await reading.close();
  return outcome;
}

/** A consumer that reads on until Kafka refuses it. */
type Reading = {
  /** Resolves at the first record. */
  readonly first: Promise<void>;
  /** Resolves with the reason when Kafka refuses the consumer. */
  readonly refusal: Promise<string>;
  readonly close: () => Promise<void>;
};

/** Starts a consumer of the topic in this group, from the first record on. */
export async function follow(connection: KafkaConnection, topic: string, group: string): Promise<Reading> {
  const consumer = outsider(connection).consumer({
    groupId: group,
    maxWaitTimeInMs: 100,
    retry: { restartOnFailure: async () => false },
  });
  const first = Promise.withResolvers<void>();
  const refused = Promise.withResolvers<string>();
  consumer.on("consumer.crash", ({ payload }) => refused.resolve(refusalOf(payload.error)));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: async () => first.resolve() });
  } catch (error) {
    refused.resolve(refusalOf(error));
  }
  return { first: first.promise, refusal: refused.promise, close: () => consumer.disconnect() };
}

/** kafkajs loses the code of a refusal in some places, and keeps it in the text. It reports a refused group as a missing coordinator. */
function refusalOf(error: unknown): string {
  const { type = "", cause, message } = error as { type?: string; cause?: { type?: string }; message: string };
  const text = `${type} ${cause?.type ?? ""} ${message}`;
  if (/TOPIC_AUTHORIZATION_FAILED|Topic authorization failed/.test(text)) return "no right to the topic";
  if (/GROUP_AUTHORIZATION_FAILED|Failed to find group coordinator/.test(text)) return "no right to the group";
  return /SASL_AUTHENTICATION_FAILED|authentication failed/i.test(text) ? "no password" : text;
}
