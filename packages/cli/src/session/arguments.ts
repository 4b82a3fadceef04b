import { personRoles } from "@crossline/contracts";
import { type Command, Option } from "commander";
import { addApiOptions } from "../arguments.ts";
import type { SignInLinkOptions } from "../verbs/sign-in-link.ts";

/** Adds the verb `sign-in-link`. */
export function addSignInLink(program: Command): void {
  addApiOptions(
    program
      .command("sign-in-link")
      .summary("make a link with which a person of your company signs in")
      .description(
        "Makes a link with which a person of your company signs in in a browser, once and within ten minutes.\nThe key needs the scope keys. The roles give at most the scopes of the key.",
      )
      .argument("<person>", "your own id of the person, such as rep-7")
      .addOption(new Option("--role <roles...>", "roles of the person").choices(personRoles).makeOptionMandatory())
      .option("--operator", "make a link for the operator's person, with the operator's key")
      .option("--party <party>", "with the operator's key: make a link for this company"),
  ).action(async (person: string, options: SignInLinkOptions) => {
    process.exitCode = await (await import("../verbs/sign-in-link.ts")).makeSignInLink(person, options);
  });
}
