import { kafkaUsersOf, ownerOfKafkaUser } from "@crossline/contracts";
import {
  type ForeignRule,
  type KafkaOptions,
  compareKafkaRights,
  listScramUsers,
  serviceOwners,
} from "@crossline/messaging";
import { localKafkaUsers, savedKafkaBroker } from "@crossline/servers";
import { externalKafka } from "../kafka-environment.ts";
import { checkoutName } from "../keys.ts";
import { operatorOptions, rightsOfUsers } from "../own-kafka.ts";
import { type ListedParty, readParties } from "../parties.ts";
import { judgeUsers, superUsers } from "./kafka-users.ts";
import { type CheckResult, fault, ok, warning } from "./check-result.ts";

const check = "Kafka's rights";
const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/** Compares the users and rights of Kafka with those that services and vendors should have. */
export async function checkKafkaRights(url: string): Promise<CheckResult[]> {
  try {
    const given = externalKafka();
    if (given?.sasl !== undefined) {
      const options = { ...given, clientId: "crossline-doctor", log: silentLog };
      // Users that do not sign in by SCRAM are not in Kafka's list.
      const users = given.sasl.mechanism === "plain" ? undefined : await listScramUsers(options);
      return await judgeRights({ options, ...(users !== undefined && { users }), parties: await readParties(url) });
    }
    if (given !== undefined) return [warning(check, "were not checked without a Kafka user", "set KAFKA_USER")];
    const name = checkoutName("crossline");
    const users = localKafkaUsers(name);
    const broker = savedKafkaBroker(name);
    if (users === undefined || broker === undefined) return [];
    const options = operatorOptions({ brokers: [broker], users });
    const present = await listScramUsers(options);
    const rights = await judgeRights({ options, users: present, parties: await readParties(url) });
    return [...judgeUsers(present, users.names()), ...rights];
  } catch (cause) {
    const found = `were not checked: ${(cause as Error).message}`;
    return [warning(check, found, "use a Kafka user with the right to describe the cluster")];
  }
}

type KafkaToJudge = {
  readonly options: KafkaOptions;
  /** The users with a password. Without this list, the users are those with rules, and no password is checked. */
  readonly users?: readonly string[];
  /** The companies that Crossline knows, if it responded. */
  readonly parties?: readonly ListedParty[] | undefined;
};

/** Returns one result for each user with a fault, or one good result. Throws an error if Kafka does not list its rules. */
export async function judgeRights({ options, users, parties }: KafkaToJudge): Promise<CheckResult[]> {
  const covers = (user: string): boolean => !superUsers.includes(user);
  const { surplus: rules } = await compareKafkaRights(options, [], covers);
  const known = [...new Set([...(users ?? []), ...rules.map(({ user }) => user)])].filter(covers);
  const { missing, surplus } = await compareKafkaRights(options, rightsOfUsers(known), covers);
  const missingOf = Map.groupBy(missing, ({ user }) => user);
  const hasEnded = (user: string): boolean =>
    !rules.some((rule) => rule.user === user) &&
    siblingsOf(user).some((one) => known.includes(one) && !missingOf.has(one));
  const lacking = missing.filter(({ user }) => (users?.includes(user) ?? true) && !hasEnded(user));
  const faults = [
    ...[...Map.groupBy(lacking, ({ user }) => user)].map(([user, rights]) => {
      const [first] = rights;
      const right = first && `${first.operation} on the ${first.resource} ${first.name}`;
      return fault(check, `${user} lacks ${rights.length} rights, such as ${right}`, remedyFor(user));
    }),
    ...surplus.filter((rule) => ownerOfKafkaUser(rule.user) !== undefined || reachesCrossline(rule)).map(judgeSurplus),
    ...(parties === undefined ? [] : known.filter((user) => isUnknownVendor(user, parties)).map(judgeUnknown)),
    ...(users === undefined
      ? []
      : serviceOwners.filter((owner) => !kafkaUsersOf(owner).some((user) => users.includes(user)))
    ).map(({ name }) =>
      fault(check, `the service ${name} has no user with a password`, `run \`crossline service-access ${name}\``),
    ),
  ];
  return faults.length > 0 ? faults : [ok(check, `${known.length} users have the rights that they should have`)];
}

/** Returns the other user of the same service or vendor. */
function siblingsOf(user: string): readonly string[] {
  const owner = ownerOfKafkaUser(user);
  return owner === undefined ? [] : kafkaUsersOf(owner).filter((other) => other !== user);
}

function judgeSurplus({ user, text }: ForeignRule): CheckResult {
  const remedy =
    ownerOfKafkaUser(user)?.kind === "vendor"
      ? remedyFor(user)
      : `remove the rule with \`kafka-acls.sh --remove --allow-principal User:${user}\`, or the next start removes it for a service`;
  return fault(check, `${user} has a rule that it should not have: ${text}`, remedy);
}

function isUnknownVendor(user: string, parties: readonly ListedParty[]): boolean {
  const owner = ownerOfKafkaUser(user);
  return owner?.kind === "vendor" && !parties.some(({ party, kind }) => kind === "vendor" && party === owner.name);
}

function judgeUnknown(user: string): CheckResult {
  const found = `${user} belongs to a vendor that Crossline does not know`;
  return warning(check, found, `delete the user and its rules with Kafka's own tools, or create the vendor`);
}

function remedyFor(user: string): string {
  const owner = ownerOfKafkaUser(user);
  return owner === undefined ? "give the rights again" : `run \`crossline ${owner.kind}-access ${owner.name}\``;
}

/** Returns true if a rule of a user without an owner applies to a topic of Crossline. */
function reachesCrossline({ text }: ForeignRule): boolean {
  const { name = "", pattern } = /on the topic (?<name>\S+) \((?<pattern>\w+)\)/.exec(text)?.groups ?? {};
  const prefix = "crossline.";
  return name === "*" || name.startsWith(prefix) || (pattern === "prefixed" && name !== "" && prefix.startsWith(name));
}
