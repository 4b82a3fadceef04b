import type { KafkaOperation, KafkaRight } from "@crossline/contracts";
import kafkajs from "kafkajs";
import type { AclEntry, Admin } from "kafkajs";
import { type KafkaOptions, kafkaClient } from "./client.ts";

// kafkajs is CommonJS, and Node does not detect these names as its exports.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** A right, and the user that has it. */
export type UserRight = KafkaRight & { readonly user: string };

/** A rule of the authorizer that Crossline does not write, in words. */
export type ForeignRule = { readonly user: string; readonly text: string };

/** The difference between the rights that users should have and the rules of Kafka's authorizer. */
export type RightsDifference = { readonly missing: readonly UserRight[]; readonly surplus: readonly ForeignRule[] };

/** Selects users by their names. */
export type UserFilter = (user: string) => boolean;

/**
 * Compares the rules of Kafka's authorizer for the users that `covers` selects with the rights that they should have. The caller must be
 * a super user, or have the right DESCRIBE on the cluster.
 */
export async function compareKafkaRights(
  options: KafkaOptions,
  wanted: readonly UserRight[],
  covers: UserFilter,
): Promise<RightsDifference> {
  return withAdmin(options, async (admin) => describeDifference(await findDifference(admin, wanted, covers)));
}

/**
 * Gives users the rights that they should have, and removes every other rule of the users that `covers` selects. Returns the difference
 * before the change. The caller must be a super user, or have the right ALTER on the cluster. A second call changes nothing.
 */
export async function applyKafkaRights(
  options: KafkaOptions,
  wanted: readonly UserRight[],
  covers: UserFilter,
): Promise<RightsDifference> {
  return withAdmin(options, async (admin) => {
    const difference = await findDifference(admin, wanted, covers);
    const { missing, surplus } = difference;
    if (missing.length > 0) await admin.createAcls({ acl: missing.map(toRule) });
    if (surplus.length > 0) await admin.deleteAcls({ filters: [...surplus] });
    return describeDifference(difference);
  });
}

async function withAdmin<T>(options: KafkaOptions, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafkaClient(options).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

type Difference = { readonly missing: readonly UserRight[]; readonly surplus: readonly AclEntry[] };

async function findDifference(admin: Admin, wanted: readonly UserRight[], covers: UserFilter): Promise<Difference> {
  const rules = (await readRules(admin)).filter(({ principal }) => covers(userOf(principal)));
  const present = new Set(rules.map(nameOf));
  const expected = new Set(wanted.map((right) => nameOf(toRule(right))));
  return {
    missing: wanted.filter((right) => !present.has(nameOf(toRule(right)))),
    surplus: rules.filter((rule) => !expected.has(nameOf(rule))),
  };
}

async function readRules(admin: Admin): Promise<AclEntry[]> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  return resources.flatMap(({ acls, resourceType, resourceName, resourcePatternType }) =>
    acls.map((acl) => ({ ...acl, resourceType, resourceName, resourcePatternType })),
  );
}

const operations: Readonly<Record<KafkaOperation, AclEntry["operation"]>> = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  create: AclOperationTypes.CREATE,
  alter_configs: AclOperationTypes.ALTER_CONFIGS,
};

function toRule({ user, resource, name, match, operation }: UserRight): AclEntry {
  return {
    principal: `User:${user}`,
    host: "*",
    operation: operations[operation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: resource === "topic" ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType: match === "literal" ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
  };
}

/** Returns a text that is the same for two rules only if the rules are the same. */
function nameOf(rule: AclEntry): string {
  const { principal, host, operation, permissionType, resourceType, resourceName, resourcePatternType } = rule;
  return [principal, host, operation, permissionType, resourceType, resourcePatternType, resourceName].join(" ");
}

function describeDifference({ missing, surplus }: Difference): RightsDifference {
  return { missing, surplus: surplus.map((rule) => ({ user: userOf(rule.principal), text: describeRule(rule) })) };
}

function describeRule(rule: AclEntry): string {
  const { host, operation, permissionType, resourceType, resourceName, resourcePatternType } = rule;
  const word = (values: object, value: number): string =>
    Object.entries(values)
      .find(([, number]) => number === value)?.[0]
      ?.toLowerCase() ?? String(value);
  const from = host === "*" ? "" : ` from ${host}`;
  const pattern = word(ResourcePatternTypes, resourcePatternType);
  const right = `${word(AclPermissionTypes, permissionType)} ${word(AclOperationTypes, operation)}`;
  return `${right} on the ${word(AclResourceTypes, resourceType)} ${resourceName} (${pattern})${from}`;
}

function userOf(principal: string): string {
  return principal.replace(/^User:/, "");
}
