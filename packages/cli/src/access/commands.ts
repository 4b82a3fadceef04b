import { type KafkaOperation, type KafkaRight, kafkaRightsOf, ownerOfKafkaUser } from "@crossline/contracts";

/**
 * A change of the users of one service or vendor. A user that ends gets a password that is not printed as a login. A deletion could lose
 * every user at the next start of Kafka 4.3.1.
 */
export type UserChange =
  | { readonly does: "give"; readonly user: string; readonly password: string }
  | { readonly does: "end"; readonly user: string; readonly password: string };

/** Returns the shell command that runs a tool of Kafka with these arguments, which are quoted already. */
export type ToolCommand = (tool: "kafka-configs.sh" | "kafka-acls.sh", args: string) => string;

/**
 * Returns the commands of Kafka's own tools for a change. A user that gets a password also gets the rights of its owner. A user that ends
 * gets an unused password, and loses its rights.
 */
export function commandsFor(change: UserChange, command: ToolCommand): string[] {
  const { user } = change;
  const scram = `--add-config 'SCRAM-SHA-512=[password=${change.password}]'`;
  const action = change.does === "give" ? "--add" : "--remove --force";
  return [
    command("kafka-configs.sh", `--alter --entity-type users --entity-name ${user} ${scram}`),
    ...rulesOf(user).map((rule) => command("kafka-acls.sh", `${action} --allow-principal User:${user} ${rule}`)),
  ];
}

const operations: Readonly<Record<KafkaOperation, string>> = {
  read: "Read",
  write: "Write",
  create: "Create",
  alter_configs: "AlterConfigs",
};

/** Returns the rights of a user as arguments of `kafka-acls.sh`: one text for each set of operations. */
function rulesOf(user: string): string[] {
  const owner = ownerOfKafkaUser(user);
  const rights = owner === undefined ? [] : kafkaRightsOf(owner);
  const bySet = Map.groupBy(new Set(rights.map(resourceOf)), (resource) => {
    const granted = rights.filter((right) => resourceOf(right) === resource);
    return [...patternsOf(granted), ...granted.map(({ operation }) => `--operation ${operations[operation]}`)].join(
      " ",
    );
  });
  return [...bySet].map(([set, resources]) => `${set} ${resources.join(" ")}`);
}

function resourceOf({ resource, name }: KafkaRight): string {
  return `--${resource} ${name}`;
}

function patternsOf(rights: readonly KafkaRight[]): string[] {
  return rights.some(({ match }) => match === "prefixed") ? ["--resource-pattern-type prefixed"] : [];
}
