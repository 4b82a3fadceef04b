import { expect, test } from "vitest";
import {
  eventsByTopic,
  kafkaRightsOf,
  kafkaUsersOf,
  ownerOfKafkaUser,
  queueTopic,
  serviceName,
  topicAccess,
  topics,
  vendorRights,
} from "@crossline/contracts";

const services = serviceName.options;
const shared: readonly string[] = [topics.gap, topics.action];

test("each topic has one owner, apart from the two topics that every service publishes", () => {
  const owned = services.flatMap((service) => [...topicAccess[service].owns]);
  expect(owned.toSorted()).toEqual(
    Object.keys(eventsByTopic)
      .filter((topic) => !shared.includes(topic))
      .toSorted(),
  );
});

test("a service may write only the topics that it owns and the shared topics, and routing the queues", () => {
  for (const name of services) {
    const written = kafkaRightsOf({ kind: "service", name }).filter(({ operation }) => operation === "write");
    const queues = name === "routing" ? ["crossline.queue."] : [];
    expect(written.map((right) => right.name)).toEqual([...topicAccess[name].owns, ...shared, ...queues]);
    expect(written.filter(({ match }) => match === "prefixed").map((right) => right.name)).toEqual(queues);
  }
});

test("a service may read only the topics that it reads, the gaps and the installation", () => {
  for (const name of services) {
    const read = kafkaRightsOf({ kind: "service", name }).filter(({ operation }) => operation === "read");
    const reads = new Set<string>([...topicAccess[name].reads, topics.gap, topics.party]);
    expect(read.filter(({ resource }) => resource === "topic").map((right) => right.name)).toEqual([...reads]);
    expect(read.filter(({ resource }) => resource === "group")).toEqual([
      { resource: "group", name, match: "literal", operation: "read" },
    ]);
  }
});

test("a vendor may read its own queue topics in its own groups, and nothing else", () => {
  expect(vendorRights("orchard")).toEqual([
    { resource: "topic", name: queueTopic("orchard", "wall"), match: "literal", operation: "read" },
    { resource: "topic", name: queueTopic("orchard", "stepped"), match: "literal", operation: "read" },
    { resource: "group", name: "orchard.", match: "prefixed", operation: "read" },
  ]);
});

test("the two users of an owner name their owner, and no other user does", () => {
  const owners = [{ kind: "vendor", name: "orchard-2" } as const, { kind: "service", name: "timer" } as const];
  for (const owner of owners) expect(kafkaUsersOf(owner).map(ownerOfKafkaUser)).toEqual([owner, owner]);
  const others = ["operator", "broker", "service.unknown.1", "vendor.orchard.3", "vendor.a.b.1", "vendor.orchard"];
  expect(others.map(ownerOfKafkaUser)).toEqual(others.map(() => undefined));
});
