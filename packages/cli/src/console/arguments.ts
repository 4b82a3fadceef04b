import { type Command, Option } from "commander";
import { addApiOptions, readLimit } from "../arguments.ts";
import type { ApiOptions } from "../arguments.ts";
import type { BoardOptions } from "../verbs/board.ts";
import type { WatchOptions } from "../verbs/watch.ts";

/** Adds the verbs `board`, `search` and `watch`. */
export function addConsole(program: Command): void {
  addApiOptions(
    program
      .command("board")
      .summary("show your open cases or hand-offs, the most urgent first")
      .description(
        "Shows the open cases of your company, the most urgent first, and their numbers by phase.\nWith --handoffs, it shows the open hand-offs, and prefers the key of a vendor.",
      )
      .option("--handoffs", "only cases with an open hand-off")
      .option("--queue <name>", "hand-offs in this queue")
      .option("--holder <party>", "cases that this party holds now")
      .option("--resort", "cases for which the last resort rings now")
      .addOption(
        new Option(
          "--sort <order>",
          "due: next deadline of the case; ownDue: your own next deadline; opened: oldest first",
        )
          .choices(["due", "ownDue", "opened"])
          .default("due"),
      )
      .option("--limit <count>", "maximum number of rows, up to 500", readLimit, 50)
      .option("--timeline <id>", "timeline of the cases", "wall"),
  ).action(async (options: BoardOptions) => end(await (await import("../verbs/board.ts")).showBoard(options)));
  addApiOptions(
    program
      .command("search")
      .summary("find cases by a number, a person, an identity or words of the title")
      .description(
        "Finds up to 50 cases of your company. The text is a number of a company, the id of your person, or words of\nthe title. It can also be an identity of the customer or the device.",
      )
      .argument("<text>", "text to find")
      .option("--timeline <id>", "timeline of the cases", "wall"),
  ).action(async (text: string, options: ApiOptions & { timeline: string }) =>
    end(await (await import("../verbs/board.ts")).searchCases(text, options)),
  );
  addApiOptions(
    program
      .command("watch")
      .summary("show each change of your board until Ctrl-C")
      .description(
        "Shows each changed row of your board until Ctrl-C. With --json, it prints one JSON document per row.\nAfter a lost connection, it continues at the last row.",
      )
      .option("--handoffs", "only cases with an open hand-off")
      .option("--timeline <id>", "timeline of the cases", "wall"),
  ).action(async (options: WatchOptions) => end(await (await import("../verbs/watch.ts")).watchRows(options)));
}

function end(code: number): void {
  process.exitCode = code;
}
