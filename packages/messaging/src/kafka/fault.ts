import type { KafkaConnection } from "./client.ts";
import { describeTlsFault, readCertificate } from "./tls-fault.ts";

/**
 * Kafka refuses this program, and only a person can change that: a password, a certificate or a right is wrong or missing. The
 * message is one sentence that names the variable or the right.
 */
export class KafkaRefusedError extends Error {
  override readonly name = "KafkaRefusedError";
}

/**
 * Right after the start of Kafka, passwords and rights may not be loaded yet, so a first refusal is retried for this time.
 */
export const refusedMaxMs = 30_000;

/** The requests that Kafka has refused. */
export type RefusedRequests = {
  /** The group of a consumer. */
  readonly group?: string;
  /** The right that the requests need. Kafka may refuse the right DESCRIBE first, which READ and WRITE include. */
  readonly right?: "READ" | "WRITE";
};

type FaultPlace = KafkaConnection & RefusedRequests;

/** The fields of the errors of kafkajs. The patch of kafkajs adds `topics` and `apiName`. */
type KafkajsError = Error & {
  readonly type?: string;
  readonly code?: unknown;
  readonly broker?: string;
  readonly topic?: string;
  readonly topics?: readonly string[];
  readonly apiName?: string;
  readonly errors?: readonly KafkajsError[];
};

/**
 * Returns one sentence for an error of kafkajs or one of its causes, or undefined if Kafka has not refused this program. An
 * outage of Kafka gives no sentence.
 */
export function describeRefusal(error: unknown, place: FaultPlace): string | undefined {
  for (const cause of causesOf(error)) {
    const sentence =
      describeUserFault(cause, place) ?? describeMissingRight(cause, place) ?? describeTlsFault(cause, place);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}

/**
 * Returns one sentence for a connection that Kafka closes at once, or undefined for another error. The
 * reason can be the wrong kind of port, but also an outage. Use the sentence only if Kafka has closed every connection for a
 * long time.
 */
export function describeClosedConnection(error: unknown, { sasl, ssl }: KafkaConnection): string | undefined {
  const closed = [...causesOf(error)].find(
    ({ name, code }) => name === "KafkaJSConnectionClosedError" || code === "ECONNRESET",
  );
  if (closed === undefined || (sasl !== undefined && ssl !== undefined && closed.code !== "ECONNRESET"))
    return undefined;
  const variables = [
    ...(ssl === undefined || closed.code === "ECONNRESET" ? ["KAFKA_TLS"] : []),
    ...(sasl === undefined ? ["KAFKA_SASL_MECHANISM"] : []),
  ];
  return `Kafka at ${closed.broker} closes each connection: check the port in KAFKA_BROKERS, and ${variables.join(" and ")}.`;
}

function* causesOf(error: unknown): Generator<KafkajsError> {
  for (let next = error; next instanceof Error; next = next.cause) yield next;
}

function describeUserFault({ name, type }: KafkajsError, { sasl }: KafkaConnection): string | undefined {
  if (type === "ILLEGAL_SASL_STATE")
    return "Kafka accepts no user at this port: check the port in KAFKA_BROKERS, or remove KAFKA_SASL_MECHANISM.";
  if (sasl === undefined) return undefined;
  if (type === "UNSUPPORTED_SASL_MECHANISM")
    return `Kafka does not accept the mechanism ${sasl.mechanism} at this port: check KAFKA_SASL_MECHANISM.`;
  if (name !== "KafkaJSSASLAuthenticationError" && type !== "SASL_AUTHENTICATION_FAILED") return undefined;
  const { passwordVariable = "KAFKA_PASSWORD_FILE" } = sasl;
  return `Kafka refuses the user ${sasl.username} or its password: check KAFKA_USER and ${passwordVariable}.`;
}

const rights: Readonly<Record<string, string>> = {
  Produce: "WRITE",
  Fetch: "READ",
  OffsetCommit: "READ",
  CreateTopics: "CREATE",
  DescribeConfigs: "DESCRIBE_CONFIGS",
  AlterConfigs: "ALTER_CONFIGS",
  DeleteRecords: "DELETE",
  CreateAcls: "ALTER",
  DeleteAcls: "ALTER",
};

function describeMissingRight(error: KafkajsError, place: FaultPlace): string | undefined {
  const right = rights[error.apiName ?? ""] ?? place.right ?? "DESCRIBE";
  const resource = findRefusedResource(error, place);
  if (resource === undefined) return undefined;
  return `Kafka refuses ${principalOf(place)} the right ${resource.right ?? right} on ${resource.name}.`;
}

function findRefusedResource(
  { type, topic, topics = [], errors = [] }: KafkajsError,
  { group }: FaultPlace,
): { readonly name: string; readonly right?: string } | undefined {
  if (type === "GROUP_AUTHORIZATION_FAILED") return { name: `the group ${group ?? "of this program"}`, right: "READ" };
  if (type === "CLUSTER_AUTHORIZATION_FAILED") return { name: "the cluster" };
  // kafkajs joins the errors of several new topics.
  const refused = [{ type, topic }, ...errors].filter((each) => each.type === "TOPIC_AUTHORIZATION_FAILED");
  if (refused.length === 0) return undefined;
  const names = [...new Set([...topics, ...refused.flatMap((each) => each.topic ?? [])])].toSorted();
  return { name: `the ${names.length > 1 ? "topics" : "topic"} ${names.join(", ")}` };
}

/** Returns the user, or else the subject of the client certificate. Kafka derives the user from that subject. */
function principalOf({ sasl, ssl }: KafkaConnection): string {
  if (sasl !== undefined) return sasl.username;
  return readCertificate(ssl?.cert)?.subject.replaceAll("\n", ",") ?? "a program without a user";
}
