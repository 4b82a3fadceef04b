import { slug } from "@crossline/contracts";
import { Argument, type Command, InvalidArgumentError, Option } from "commander";
import { addApiOptions } from "../arguments.ts";
import { type ServiceName, serviceNames } from "../services.ts";
import type { AccessOptions } from "../verbs/kafka-access.ts";

const explanation =
  "If this checkout has started Kafka, the verb changes Kafka. With KAFKA_BROKERS, --print or --compose, it prints the\ncommands of Kafka's own tools.\nA vendor or service has two users in turn. --rotate gives the other user a password, and both work until --end-old.";

/** Adds the verbs `vendor-access` and `service-access`. */
export function addAccess(program: Command): void {
  const vendor = program
    .command("vendor-access")
    .summary("give a vendor a Kafka user that reads its own queue")
    .description(`Gives a vendor a Kafka user that reads its own queue, and nothing else.\n${explanation}`)
    .argument("<vendor>", "name of the vendor, such as orchard", readSlug);
  addOptions(vendor).action(async (name: string, options: AccessOptions) => {
    process.exitCode = await (await import("../verbs/kafka-access.ts")).giveAccess({ kind: "vendor", name }, options);
  });
  const service = program
    .command("service-access")
    .summary("give a service a Kafka user with a new password")
    .description(
      `Gives a service a Kafka user that writes its own topics, and reads the topics that it needs.\n${explanation}\nA service uses its newest user after its next start.`,
    )
    .addArgument(new Argument("<service>", "the service").choices(serviceNames));
  addOptions(service).action(async (name: ServiceName, options: AccessOptions) => {
    process.exitCode = await (await import("../verbs/kafka-access.ts")).giveAccess({ kind: "service", name }, options);
  });
}

function addOptions(verb: Command): Command {
  return addApiOptions(
    verb
      .addOption(new Option("--rotate", "give the other user of the pair a new password").conflicts("endOld"))
      .option("--end-old", "end the older user of the pair, and its connections")
      .addOption(new Option("--print", "print the commands of Kafka's own tools").conflicts("compose"))
      .option("--compose", "print the commands for the Kafka of docker compose, for a pipe into sh")
      .addOption(
        new Option("--current <number>", "in printed commands: last digit of the user that is in use").choices([
          "1",
          "2",
        ]),
      )
      .option(
        "--command-config <file>",
        "in printed commands: file with the login of Kafka's administrator",
        "operator.properties",
      ),
  );
}

function readSlug(text: string): string {
  if (!slug.safeParse(text).success)
    throw new InvalidArgumentError("It must have lower-case letters, digits and hyphens.");
  return text;
}
