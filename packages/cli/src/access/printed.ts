import { randomBytes } from "node:crypto";
import { kafkaOperator, kafkaUsersOf, type KafkaUserOwner } from "@crossline/contracts";
import { savedKafkaBroker } from "@crossline/servers";
import { setting } from "../env-file.ts";
import { UsageFault } from "../fault.ts";
import { checkoutName } from "../keys.ts";
import { type ToolCommand, type UserChange, commandsFor } from "./commands.ts";

/** The options that choose the printed commands. */
export type PrintOptions = {
  readonly rotate?: boolean;
  readonly endOld?: boolean;
  readonly compose?: boolean;
  readonly current?: "1" | "2";
  readonly commandConfig: string;
};

/** The commands that make a change, and the addresses of Kafka for a client outside. */
export type PrintedChange = {
  readonly change: UserChange;
  readonly brokers: string;
  readonly commands: readonly string[];
};

/**
 * Returns the commands of Kafka's own tools for the chosen change, with a new password. Throws a UsageFault if the change needs `current`,
 * because these commands cannot see the users of Kafka.
 */
export function printedChange(owner: KafkaUserOwner, options: PrintOptions): PrintedChange {
  const change = chosenChange(owner, options);
  if (options.compose === true)
    return {
      change,
      brokers: `localhost:${setting("KAFKA_PORT") ?? "19092"}`,
      commands: ["set -e", loginInContainer, ...commandsFor(change, inContainer), removeLogin],
    };
  const brokers = setting("KAFKA_BROKERS") ?? savedKafkaBroker(checkoutName("crossline")) ?? "127.0.0.1:9092";
  const tool: ToolCommand = (name, args) =>
    `${name} --bootstrap-server ${brokers} --command-config ${options.commandConfig} ${args}`;
  return { change, brokers, commands: commandsFor(change, tool) };
}

function chosenChange(owner: KafkaUserOwner, { rotate, endOld, current }: PrintOptions): UserChange {
  const users = kafkaUsersOf(owner);
  const isOfPair = rotate === true || endOld === true;
  if (isOfPair && current === undefined)
    throw new UsageFault("Add --current 1 or --current 2: the last digit of the user that the client uses now.");
  const other = current === "1" ? users[1] : users[0];
  const password = randomBytes(24).toString("base64url");
  if (endOld === true) return { does: "end", user: other, password };
  const own = current === "2" ? users[1] : users[0];
  return { does: "give", user: rotate === true ? other : own, password };
}

const loginFile = "crossline-operator.properties";
/** The folder of the login is in the memory of the container. */
const inKafka = "docker compose exec -T -w /tmp kafka";

/** The password of the operator comes from the environment or `.env` when the commands run, so the output does not contain it. */
const loginInContainer = `${inKafka} sh -c 'umask 077 && cat >${loginFile}' <<END
security.protocol=SASL_PLAINTEXT
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="${kafkaOperator}" password="\${KAFKA_PASSWORD_OPERATOR:-$(sed -n 's/^KAFKA_PASSWORD_OPERATOR=//p' .env)}";
END`;

/** Without `</dev/null`, the first command would read the rest of a script that `sh` reads from a pipe. */
const inContainer: ToolCommand = (name, args) =>
  `${inKafka} /opt/kafka/bin/${name} --bootstrap-server localhost:9092 --command-config ${loginFile} ${args} </dev/null`;

const removeLogin = `${inKafka} rm ${loginFile} </dev/null`;
