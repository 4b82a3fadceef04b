import type { Command } from "commander";
import { addApiOptions, addPersonOption, readLimit } from "../arguments.ts";
import type { ChangeListOptions, ChangeOptions } from "../verbs/changes.ts";

const verbs = () => import("../verbs/changes.ts");
const idHelp = "id of the change";

/** Adds the group `change`. */
export function addChange(program: Command): void {
  const group = program
    .command("change")
    .usage("<verb> [options]")
    .description("Announces, lists, shows and confirms changes.");
  addApiOptions(
    group
      .command("list")
      .summary("list the changes that your company announced or that affect it")
      .description("Lists the changes that your company announced or that affect it, newest first.")
      .option("--open", "only changes that wait for a receipt")
      .option("--limit <count>", "maximum number of changes", readLimit, 50)
      .option("--timeline <id>", "timeline of the changes", "wall"),
  ).action(async (options: ChangeListOptions) => end(await (await verbs()).listChanges(options)));
  addApiOptions(
    group
      .command("show")
      .summary("show a change, its receipts and its cases")
      .description("Shows a change, the receipts that you may read, and the linked cases that you may read.")
      .argument("<id>", idHelp),
  ).action(async (id: string, options: ChangeOptions) => end(await (await verbs()).showChange(id, options)));
  addPersonOption(
    addApiOptions(
      group
        .command("announce")
        .summary("announce the change of a file")
        .description("Announces the change of a file in YAML or JSON. The file is the body of POST /v1/changes.")
        .argument("<file>", "file with the change"),
    ),
  ).action(async (file: string, options: ChangeOptions) => end(await (await verbs()).announceChange(file, options)));
  addPersonOption(
    addApiOptions(
      group
        .command("confirm")
        .summary("confirm that your company knows a change and its duties")
        .description("Confirms a change for your company. Only a person confirms a change.")
        .argument("<id>", idHelp),
    ),
  ).action(async (id: string, options: ChangeOptions) => end(await (await verbs()).confirmChange(id, options)));
}

function end(code: number): void {
  process.exitCode = code;
}
