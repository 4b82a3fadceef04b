import { type KafkaUserOwner, kafkaRightsOf, vendorGroupPrefix } from "@crossline/contracts";
import { isKafkaResponding, localKafkaUsers, savedKafkaBroker } from "@crossline/servers";
import { checkVendor } from "../access/check-vendor.ts";
import { type PrintOptions, printedChange } from "../access/printed.ts";
import type { ApiOptions } from "../arguments.ts";
import { setting } from "../env-file.ts";
import { CommandFault, UnreachableFault } from "../fault.ts";
import { checkoutName } from "../keys.ts";
import { type OwnKafka, endOldUser, ensureAccess, rotateUser } from "../own-kafka.ts";
import { print, printJson } from "../print.ts";

export type AccessOptions = ApiOptions & PrintOptions & { readonly print?: boolean };

/** The settings with which a program of the owner connects. */
type Access = {
  readonly brokers: string;
  readonly mechanism: "SCRAM-SHA-512";
  readonly user: string;
  readonly passwordFile?: string;
  readonly password?: string;
  /** The topics of a vendor's queue. */
  readonly topics?: readonly string[];
  /** The beginning of the names of a vendor's consumer groups. */
  readonly groupPrefix?: string;
};

/**
 * Runs `vendor-access` or `service-access`. If this checkout has started Kafka, the verb changes the users and rights, and prints the
 * settings of the owner's program. Otherwise it prints the commands that make the change.
 */
export async function giveAccess(owner: KafkaUserOwner, options: AccessOptions): Promise<number> {
  const isChecked = owner.kind === "service" || (await checkVendor(owner.name, options));
  if (!isChecked) {
    const reason = "because no Crossline responded or no key of the operator is known";
    process.stderr.write(`The verb did not check that ${owner.name} is a vendor, ${reason}.\n`);
  }
  const isPrinted = options.print === true || options.compose === true || setting("KAFKA_BROKERS") !== undefined;
  if (isPrinted) printChange(owner, options);
  else await changeUsers(owner, await findOwnKafka(), options);
  return 0;
}

/** Returns the Kafka that this checkout has started. Throws a CommandFault if this checkout has started no Kafka, or an UnreachableFault if it does not run. */
async function findOwnKafka(): Promise<OwnKafka> {
  const name = checkoutName("crossline");
  const users = localKafkaUsers(name);
  const broker = savedKafkaBroker(name);
  if (users === undefined || broker === undefined)
    throw new CommandFault(
      "This checkout has not started a Kafka with users: run `npx -y pnpm start`, or add --print or --compose.",
    );
  if (!(await isKafkaResponding(Number(broker.split(":").at(-1)))))
    throw new UnreachableFault(`Kafka does not respond at ${broker}: run \`npx -y pnpm start\` in another terminal.`);
  return { brokers: [broker], users };
}

/** Changes the users and rights of an owner in a Kafka of this checkout, and prints the result. */
export async function changeUsers(owner: KafkaUserOwner, kafka: OwnKafka, options: AccessOptions): Promise<void> {
  const ended = options.endOld === true ? await endOldUser(kafka, owner) : undefined;
  const user = options.rotate === true ? await rotateUser(kafka, owner) : await ensureAccess(kafka, owner);
  const passwordFile = kafka.users.passwordFile(user);
  const access = accessOf(owner, { brokers: kafka.brokers.join(","), user, passwordFile });
  if (options.json === true) return printJson({ ...access, ...(ended !== undefined && { ended }) });
  print(settingsOf(access).join("\n"));
  if (ended !== undefined) print(`\nThe user ${ended} cannot connect any longer.`);
  if (options.rotate === true) print(`\n${nextStep(owner, "")}`);
}

function printChange(owner: KafkaUserOwner, options: AccessOptions): void {
  const { change, brokers, commands } = printedChange(owner, options);
  const given =
    change.does === "give" ? accessOf(owner, { brokers, user: change.user, password: change.password }) : undefined;
  if (options.json === true) return printJson({ ...(given ?? { ended: change.user }), commands });
  const isCompose = options.compose === true;
  const more = `${isCompose ? " --compose" : " --print"} --current ${change.user.at(-1)}`;
  const comments = [
    ...(given === undefined ? [`These commands end the user ${change.user}.`] : settingsOf(given)),
    ...(isCompose ? [] : [`${options.commandConfig} has the login of Kafka's administrator.`]),
    ...(isCompose && given !== undefined && owner.kind === "service" ? [composeStep(owner.name, given)] : []),
    ...(options.rotate === true ? [nextStep(owner, more)] : []),
  ];
  print([...comments.map((text) => `# ${text}`), ...commands].join("\n"));
}

function accessOf(owner: KafkaUserOwner, login: Omit<Access, "mechanism" | "topics" | "groupPrefix">): Access {
  const access: Access = { ...login, mechanism: "SCRAM-SHA-512" };
  if (owner.kind === "service") return access;
  const topics = kafkaRightsOf(owner).flatMap(({ resource, name }) => (resource === "topic" ? [name] : []));
  return { ...access, topics, groupPrefix: vendorGroupPrefix(owner.name) };
}

function settingsOf({ brokers, mechanism, user, passwordFile, password, topics, groupPrefix }: Access): string[] {
  const rows: readonly [name: string, value: string | undefined][] = [
    ["brokers", brokers],
    ["mechanism", mechanism],
    ["user", user],
    ["password file", passwordFile],
    ["password", password],
    ["topics", topics?.join(", ")],
    ["consumer group", groupPrefix && `every name that begins with ${groupPrefix}`],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name.padEnd(15)} ${value}`]));
}

/** The containers read their users and passwords from `.env`. */
function composeStep(service: string, { user, password }: Pick<Access, "user" | "password">): string {
  const name = service.toUpperCase();
  const settings = `KAFKA_USER_${name}=${user} and KAFKA_PASSWORD_${name}=${password}`;
  return `Write ${settings} into \`.env\`, and run \`docker compose up --detach ${service}\`.`;
}

function nextStep({ kind, name }: KafkaUserOwner, more: string): string {
  const change = kind === "vendor" ? "When the vendor uses the new user" : "After the next start of the service";
  return `Both users work. ${change}, \`crossline ${kind}-access ${name} --end-old${more}\` ends the older one.`;
}
