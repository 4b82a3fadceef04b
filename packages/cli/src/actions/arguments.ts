import { type Command, Option } from "commander";
import { type ApiOptions, addApiOptions, readAfter, readLimit, runningPortOption } from "../arguments.ts";
import type { ActionsOptions } from "../verbs/actions.ts";

const verbs = () => import("../verbs/actions.ts");

/** Adds the verb `actions` with its own verbs. */
export function addActions(program: Command): void {
  const actions = addApiOptions(
    program
      .command("actions")
      .usage("[verb] [options]")
      .summary("show, export and verify the action log of your company")
      .description(
        "Shows the action log of your company: its commands and reads, the newest last.\nThe key needs the scope log.",
      )
      .option("--after <number>", "only rows after this number", readAfter, 0)
      .option("--limit <count>", "maximum number of rows", readLimit, 50)
      .option("--kind <kind>", "command or read")
      .option("--person <id>", "rows of this person of your company")
      .option("--case <id>", "rows of this case"),
  ).action(async (options: ActionsOptions) => end(await (await verbs()).showActions(options)));
  actions
    .command("export")
    .summary("export the whole action log of your company to a file")
    .description("Exports the whole action log of your company to a file, one row on each line.")
    .argument("<file>", "the file, which must not exist yet")
    .addOption(new Option("--url <url>", "address of Crossline (default: CROSSLINE_URL)").conflicts("port"))
    .addOption(runningPortOption())
    .action(async (file: string, _options: object, verb: Command) =>
      end(await (await verbs()).exportActions(file, verb.optsWithGlobals<ApiOptions>())),
    );
  actions
    .command("verify")
    .summary("verify an exported action log, without a server")
    .description(
      "Verifies an exported action log without a server, and names the first row that does not fit.\nThe verb prints the last hash: compare it with `head` of GET /v1/actions.",
    )
    .argument("<file>", "the exported log")
    .action(async (file: string) => end(await (await verbs()).verifyActions(file)));
}

function end(code: number): void {
  process.exitCode = code;
}
