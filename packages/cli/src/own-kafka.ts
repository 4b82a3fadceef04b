import { readFileSync, statSync } from "node:fs";
import {
  type KafkaUserOwner,
  kafkaOperator,
  kafkaRightsOf,
  kafkaUsersOf,
  ownerOfKafkaUser,
} from "@crossline/contracts";
import {
  type KafkaConnection,
  type KafkaOptions,
  type UserRight,
  applyKafkaRights,
  applyRightsOfServices,
  serviceOwners,
} from "@crossline/messaging";
import type { KafkaUsers } from "@crossline/servers";
import { CommandFault } from "./fault.ts";

/** A Kafka that this checkout has started, with its users. */
export type OwnKafka = {
  readonly brokers: readonly string[];
  readonly users: KafkaUsers;
  /** The PEM file of the authority of the brokers' certificates. Without it, the connections use no TLS. */
  readonly caFile?: string | undefined;
};

/** A Kafka user with its password, as `KafkaConnection` has it. */
type KafkaLogin = NonNullable<KafkaConnection["sasl"]>;

const silentLog = { debug() {}, info() {}, warn() {}, error() {} };

/** Returns the options with which a command administers a Kafka of this checkout. */
export function operatorOptions(kafka: OwnKafka): KafkaOptions {
  return { ...connectionAs(kafka, kafkaOperator), clientId: "crossline-operator", log: silentLog };
}

/** Returns the connection of a user. Throws an Error if Kafka has no such user. */
export function connectionAs({ brokers, users, caFile }: OwnKafka, user: string): KafkaConnection {
  const ssl = caFile === undefined ? {} : { ssl: { ca: readFileSync(caFile, "utf8") } };
  return { brokers, sasl: loginOf(users, user), ...ssl };
}

/** Returns the name and the password of a user. Throws an Error if Kafka has no such user. */
export function loginOf(users: KafkaUsers, user: string): KafkaLogin {
  return { mechanism: "scram-sha-512", username: user, password: readFileSync(users.passwordFile(user), "utf8") };
}

/** Returns the user of an owner that has the newest password, or undefined if the owner has no user. */
export function newestUserOf(users: KafkaUsers, owner: KafkaUserOwner): string | undefined {
  const names = users.names();
  const age = (user: string): number => statSync(users.passwordFile(user)).mtimeMs;
  return kafkaUsersOf(owner)
    .filter((user) => names.includes(user))
    .toSorted((one, other) => age(other) - age(one))[0];
}

/**
 * Returns the users with which a start needs the services: the newest user of each service, or its first user if it has none. A start
 * that always wanted the first user would create it again after a rotation.
 */
export function serviceUsersFor(users: KafkaUsers | undefined): string[] {
  return serviceOwners.map((owner) => (users && newestUserOf(users, owner)) ?? kafkaUsersOf(owner)[0]);
}

/** Returns the rights that each of these users should have. Users that belong to no service or vendor should have none. */
export function rightsOfUsers(users: readonly string[]): UserRight[] {
  return users.flatMap((user) => {
    const owner = ownerOfKafkaUser(user);
    return owner === undefined ? [] : kafkaRightsOf(owner).map((right) => ({ ...right, user }));
  });
}

/** Gives the services their rights, and removes every other right of a service. */
export async function applyServiceRights(kafka: OwnKafka): Promise<void> {
  await applyRightsOfServices(operatorOptions(kafka));
}

/** Gives a vendor its rights, and a user if it has none (2 s). Returns the connection of the vendor's newest user. */
export async function ensureVendorAccess(kafka: OwnKafka, vendor: string): Promise<KafkaConnection> {
  return connectionAs(kafka, await ensureAccess(kafka, { kind: "vendor", name: vendor }));
}

/** Gives a service or vendor its rights, and a user if it has none (2 s). Returns the name of its newest user. */
export async function ensureAccess(kafka: OwnKafka, owner: KafkaUserOwner): Promise<string> {
  const [first] = kafkaUsersOf(owner);
  const present = newestUserOf(kafka.users, owner);
  if (present === undefined) await kafka.users.renew(first);
  await applyRightsOf(kafka, owner);
  return present ?? first;
}

/** Gives a new password to the other user of an owner (2 s), and returns its name. Throws a CommandFault if both have a password. */
export async function rotateUser(kafka: OwnKafka, owner: KafkaUserOwner): Promise<string> {
  const names = kafka.users.names();
  const next = kafkaUsersOf(owner).find((user) => !names.includes(user));
  if (next === undefined)
    throw new CommandFault(`${owner.name} has two users: end the older one with --end-old before the next rotation.`);
  await kafka.users.renew(next);
  await applyRightsOf(kafka, owner);
  return next;
}

/**
 * Deletes the password and the rights of an owner's older user (2 s), and returns its name. Kafka checks rights at each request, so the
 * user's open connections end too. Throws a CommandFault if the owner has fewer than two users.
 */
export async function endOldUser(kafka: OwnKafka, owner: KafkaUserOwner): Promise<string> {
  const names = kafka.users.names();
  const newest = newestUserOf(kafka.users, owner);
  const older = kafkaUsersOf(owner).find((user) => user !== newest && names.includes(user));
  if (older === undefined)
    throw new CommandFault(`${owner.name} has no older user: --rotate makes a new one, and then --end-old works.`);
  await kafka.users.end(older);
  await applyRightsOf(kafka, owner);
  return older;
}

/** Gives the rights of an owner to its users with a password, and removes every other right of both users. */
async function applyRightsOf(kafka: OwnKafka, owner: KafkaUserOwner): Promise<void> {
  const own = kafkaUsersOf(owner);
  const names = kafka.users.names();
  const wanted = rightsOfUsers(own.filter((user) => names.includes(user)));
  await applyKafkaRights(operatorOptions(kafka), wanted, (user) => own.includes(user));
}
