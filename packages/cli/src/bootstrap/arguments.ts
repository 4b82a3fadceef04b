import { mailAddress, slug } from "@crossline/contracts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { addApiOptions, readZone } from "../arguments.ts";
import { envFile } from "../env-file.ts";
import { UsageFault } from "../fault.ts";
import type { BootstrapOptions } from "../verbs/bootstrap.ts";
import { templateNames } from "./template-names.ts";

/** Adds the verb `bootstrap`. */
export function addBootstrap(program: Command): void {
  const verb = program
    .command("bootstrap")
    .summary("make the passwords of docker compose, or create a carrier with its key, line, roster and first person")
    .description(
      "Without a carrier, makes the file .env for docker compose: it generates each missing key and password of .env.example.\nWith a carrier, creates the carrier with its key, a roster with the first person, and a default line. Writes the keys into a file.\nThe verb then needs the operator's key from OPERATOR_KEY, or else the key that start has saved.\nA second run changes nothing, and reports the parts that existed.",
    )
    .argument("[carrier]", "name of the carrier, such as northtel", readSlug)
    .option("--person <name>", "name of the first person on duty; a carrier needs it")
    .option("--mail <address>", "mail address of the person", readMail)
    .option("--webhook <url>", "webhook of the person, such as a pager")
    .option("--zone <zone>", "time zone of the person", readZone, "UTC")
    .option("--vendor <party>", "also create this vendor with its key, and open its queues to the carrier", readSlug)
    .addOption(
      new Option("--template <name>", "line of infra/lines to publish")
        .choices(templateNames)
        .default(templateNames[0]),
    )
    .addOption(new Option("--line <file>", "your own line instead of a template").conflicts("template"))
    .option("--env-file <file>", "file for the keys", envFile)
    .option("--force", "replace keys of the file that Crossline does not accept");
  addApiOptions(verb).action(async (carrier: string | undefined, options: Options) => {
    if (carrier !== undefined) {
      const { person } = options;
      if (person === undefined) throw new UsageFault("A carrier needs --person, the first person on duty.");
      process.exitCode = await (await import("../verbs/bootstrap.ts")).bootstrap(carrier, { ...options, person });
      return;
    }
    const surplus = Object.keys(options).find(
      (name) => verb.getOptionValueSource(name) === "cli" && !ofEnv.includes(name),
    );
    if (surplus !== undefined) throw new UsageFault(`--${surplus} needs a carrier: crossline bootstrap <carrier>.`);
    process.exitCode = (await import("../verbs/bootstrap-env.ts")).bootstrapEnv(options);
  });
}

type Options = Omit<BootstrapOptions, "person"> & { readonly person?: string };

/** The options that also apply without a carrier. */
const ofEnv = ["envFile", "json"];

function readSlug(text: string): string {
  if (!slug.safeParse(text).success)
    throw new InvalidArgumentError("It must have lower-case letters, digits and hyphens.");
  return text;
}

function readMail(text: string): string {
  if (!mailAddress.safeParse(text).success) throw new InvalidArgumentError("It must be a mail address.");
  return text;
}
