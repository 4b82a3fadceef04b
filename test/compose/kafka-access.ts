import { kafkaOperator, queueTopic, topics, vendorGroupPrefix } from "@crossline/contracts";
import {
  type KafkaConnection,
  compareKafkaRights,
  isServiceUser,
  kafkaBroker,
  kafkajsConnection,
  rightsOf,
  serviceOwners,
} from "@crossline/messaging";
import { createLogger, publicDefault } from "@crossline/service";
import { Kafka, logLevel } from "kafkajs";

const log = createLogger("compose-test", "silent");

/** Returns the connection of a user, or of a client without a user. The password of a public default is enough for a trial. */
export function connectionOf(port: string, user?: string, password?: string): KafkaConnection {
  const own = password ?? `${publicDefault}-kafka-${user?.replace(/^service\.(.*)\.1$/, "$1")}`;
  const sasl = { mechanism: "scram-sha-512", username: user ?? "", password: own } as const;
  return { brokers: [`127.0.0.1:${port}`], ...(user !== undefined && { sasl }) };
}

/** Throws an Error if the rights of the services' users in Kafka are not those that they should have. */
export async function checkServiceRights(port: string): Promise<void> {
  const options = { ...connectionOf(port, kafkaOperator), clientId: "compose-test", log };
  const difference = await compareKafkaRights(options, rightsOf(serviceOwners), isServiceUser);
  if (difference.missing.length + difference.surplus.length > 0)
    throw new Error(`the rights of the services are wrong: ${JSON.stringify(difference)}`);
}

/** Throws an Error if Kafka accepts the connection of a user that has ended. */
export async function checkEnded(connection: KafkaConnection): Promise<void> {
  const outcome = await read(connection, queueTopic("orchard", "wall")).catch(reasonOf);
  if (outcome === undefined || !/invalid credentials/i.test(outcome))
    throw new Error(`Kafka does not refuse ${connection.sasl?.username}: ${outcome ?? "it reads"}`);
}

/** Throws an Error if Kafka lets a client read or write without a user, without the password, or without the right. */
export async function checkRefusals(port: string, vendor: KafkaConnection): Promise<void> {
  const own = queueTopic("orchard", "wall");
  const timer = connectionOf(port, "service.timer.1");
  const noUser = /closed connection/i;
  const noRight = /topic authorization failed|not authorized to access topics/i;
  // kafkajs reports a refused group as a missing coordinator.
  const noGroup = /group authorization failed|group coordinator/i;
  const attempts: readonly [what: string, attempt: Promise<unknown>, refusal: RegExp][] = [
    ["a client without a user reads", read(connectionOf(port), own), noUser],
    ["a client without a user writes", write(connectionOf(port), own), noUser],
    ["a wrong password reads", read({ ...vendor, ...wrongPassword(vendor) }, own), /invalid credentials/i],
    ["the vendor reads the topic of cases", read(vendor, topics.case), noRight],
    ["the vendor reads in a group of another vendor", read(vendor, own, "basalt"), noGroup],
    ["the vendor writes into its own queue", write(vendor, own), noRight],
    ["the timer writes a case", write(timer, topics.case), noRight],
    ["the timer writes into a queue", write(timer, own), noRight],
  ];
  const outcomes = await Promise.allSettled(attempts.map(([, attempt]) => attempt));
  for (const [index, [what, , refusal]] of attempts.entries()) {
    const outcome = outcomes[index];
    if (outcome?.status !== "rejected") throw new Error(`Kafka does not refuse it: ${what}`);
    const reason = reasonOf(outcome.reason);
    if (!refusal.test(reason)) throw new Error(`another fault prevented it: ${what}`, { cause: outcome.reason });
    process.stdout.write(`refused: ${what} (${reason})\n`);
  }
}

function wrongPassword({ sasl }: KafkaConnection): Pick<KafkaConnection, "sasl"> {
  if (sasl === undefined) return {};
  const { mechanism, username } = sasl;
  // No spread: kafkajs adds a property with the first password to the object.
  return { sasl: { mechanism, username, password: "wrong" } };
}

/** Joins a group of the vendor as a reader of the topic. Rejects with the error of Kafka if Kafka refuses it. */
async function read(connection: KafkaConnection, topic: string, vendor = "orchard"): Promise<void> {
  const kafka = new Kafka({ ...kafkajsConnection(connection), clientId: "compose-test", logLevel: logLevel.NOTHING });
  const groupId = `${vendorGroupPrefix(vendor)}compose-test`;
  const consumer = kafka.consumer({ groupId, retry: { restartOnFailure: () => Promise.resolve(false) } });
  const outcome = new Promise<Error | undefined>((resolve) => {
    consumer.on("consumer.crash", ({ payload }) => resolve(payload.error));
    consumer.on("consumer.group_join", () => resolve(undefined));
  });
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: () => Promise.resolve() });
    const error = await outcome;
    if (error !== undefined) throw error;
  } finally {
    await consumer.disconnect();
  }
}

async function write(connection: KafkaConnection, topic: string): Promise<void> {
  const broker = kafkaBroker({ ...connection, clientId: "compose-test", log });
  try {
    await broker.send([{ topic, key: "cs_1", headers: {}, value: "{}" }]);
  } finally {
    await broker.close();
  }
}

function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${reasonOf(cause)}` : message;
}
