import type { ServiceName } from "./api/operations.ts";
import { type TopicAccess, topicAccess } from "./topic-access.ts";
import { queuePrefix, queueTopic, topics } from "./topics.ts";

/**
 * An operation of Kafka's authorizer. `read` and `write` include `describe`, and `alter_configs` includes `describe_configs`
 * (Kafka's documentation, "Authorization and ACLs").
 */
export type KafkaOperation = "read" | "write" | "create" | "alter_configs";

/** The right of a Kafka user to one operation on a topic or a group, or on all whose names begin with `name`. */
export type KafkaRight = {
  readonly resource: "topic" | "group";
  readonly name: string;
  readonly match: "literal" | "prefixed";
  readonly operation: KafkaOperation;
};

/** The company or service that a Kafka user belongs to. */
export type KafkaUserOwner =
  | { readonly kind: "service"; readonly name: ServiceName }
  | { readonly kind: "vendor"; readonly name: string };

/** The Kafka user that administers users, rights and topics. Only commands of the operator use it. */
export const kafkaOperator = "operator";

/**
 * Returns the two Kafka users of a service or vendor. A user has one password (SCRAM), so a new password without an interruption needs
 * a second user. Both users always have the same rights.
 */
export function kafkaUsersOf({ kind, name }: KafkaUserOwner): readonly [first: string, second: string] {
  return [`${kind}.${name}.1`, `${kind}.${name}.2`];
}

/** Returns the owner of a Kafka user that `kafkaUsersOf` names. Returns undefined for any other user. */
export function ownerOfKafkaUser(user: string): KafkaUserOwner | undefined {
  const { kind, name = "" } = /^(?<kind>service|vendor)\.(?<name>[a-z0-9-]+)\.[12]$/.exec(user)?.groups ?? {};
  if (kind === "vendor") return { kind, name };
  return kind === "service" && Object.hasOwn(topicAccess, name) ? { kind, name: name as ServiceName } : undefined;
}

/** Returns the rights of a service or vendor. */
export function kafkaRightsOf({ kind, name }: KafkaUserOwner): KafkaRight[] {
  return kind === "service" ? serviceRights(name) : vendorRights(name);
}

/**
 * Returns the rights of a service. The service publishes the topics that it owns, and reads the topics of its consumer in the group of its
 * own name. A service may also create these topics, because each service can be the first to start.
 */
function serviceRights(service: ServiceName): KafkaRight[] {
  const { owns, reads }: TopicAccess = topicAccess[service];
  const published = [...owns, topics.gap, topics.action];
  const consumed = [...new Set([...reads, topics.gap, topics.party])];
  return [
    ...published.map((name) => topicRight(name, "write")),
    ...consumed.map((name) => topicRight(name, "read")),
    ...[...new Set([...published, ...consumed])].map((name) => topicRight(name, "create")),
    // KAFKA_KEEP_FACTS changes the retention of topics.
    ...owns.map((name) => topicRight(name, "alter_configs")),
    ...(service === "routing" ? queueRights : []),
    { resource: "group", name: service, match: "literal", operation: "read" },
  ];
}

const queueRights: readonly KafkaRight[] = (["write", "create"] as const).map((operation) => ({
  resource: "topic",
  name: queuePrefix,
  match: "prefixed",
  operation,
}));

/** Returns the rights of a vendor: it reads its own queue topics, in groups whose names begin with the vendor's name and a dot. */
export function vendorRights(vendor: string): KafkaRight[] {
  return [
    topicRight(queueTopic(vendor, "wall"), "read"),
    topicRight(queueTopic(vendor, "stepped"), "read"),
    // A party id has no dot, so the prefix of one vendor never begins with the prefix of another vendor.
    { resource: "group", name: vendorGroupPrefix(vendor), match: "prefixed", operation: "read" },
  ];
}

/** Returns the beginning of the names of a vendor's consumer groups. */
export function vendorGroupPrefix(vendor: string): string {
  return `${vendor}.`;
}

function topicRight(name: string, operation: KafkaOperation): KafkaRight {
  return { resource: "topic", name, match: "literal", operation };
}
