import { kafkaOperator, kafkaUsersOf, ownerOfKafkaUser } from "@crossline/contracts";
import { type CheckResult, fault, warning } from "./check-result.ts";

const check = "Kafka's users";

/** The users without rules, because Kafka allows them everything. */
export const superUsers: readonly string[] = ["broker", kafkaOperator];

/** Compares the users of a local Kafka (`present`) with the files of their passwords (`saved`). Returns one result for each fault. */
export function judgeUsers(present: readonly string[], saved: readonly string[]): CheckResult[] {
  return [
    ...saved
      .filter((user) => !present.includes(user))
      .map((user) => fault(check, `${user} has the file of a password, but Kafka does not have the user`, renew(user))),
    ...present.filter((user) => !saved.includes(user) && !hasEnded(user, saved)).map(judgeUnsaved),
  ];
}

/** Returns true if another user of the same service or vendor has a password. Kafka keeps a user that `--end-old` has ended. */
function hasEnded(user: string, saved: readonly string[]): boolean {
  const owner = ownerOfKafkaUser(user);
  return owner !== undefined && kafkaUsersOf(owner).some((other) => saved.includes(other));
}

function judgeUnsaved(user: string): CheckResult {
  const isOurs = superUsers.includes(user) || ownerOfKafkaUser(user) !== undefined;
  if (isOurs) return fault(check, `Kafka has the user ${user}, but the file of its password is missing`, renew(user));
  const remedy = "delete the user with `kafka-configs.sh --alter --entity-type users`, unless another program needs it";
  return warning(check, `Kafka has the user ${user}, which Crossline did not create`, remedy);
}

function renew(user: string): string {
  const owner = ownerOfKafkaUser(user);
  if (owner === undefined) return "restore Kafka's data and the folder `passwords` beside it from a backup";
  return `run \`crossline ${owner.kind}-access ${owner.name} --rotate\`, and later \`--end-old\``;
}
