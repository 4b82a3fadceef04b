import { type Command, Option } from "commander";
import { addApiOptions, readDays, readInstant, readLimit } from "../arguments.ts";
import type { ApiOptions } from "../arguments.ts";
import type { BoardOptions } from "../verbs/board.ts";
import type { DutyOptions } from "../verbs/duty.ts";
import type { PromiseOptions } from "../verbs/promises.ts";
import type { WatchOptions } from "../verbs/watch.ts";

/** Adds the verbs `board`, `search`, `watch`, `promises`, `duty` and `operations`. */
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
  addLists(program);
}

function addLists(program: Command): void {
  addApiOptions(
    program
      .command("promises")
      .summary("show the promises of your cases, the next due first")
      .description("Shows the promises of your company's cases. The open promises come first, the next due first.")
      .option("--state <states>", "open, broken, kept, late or withdrawn; several states with commas")
      .option("--by <party>", "promises of this party")
      .option("--limit <count>", "maximum number of promises", readLimit, 50)
      .option("--timeline <id>", "timeline of the cases", "wall"),
  ).action(async (options: PromiseOptions) => end(await (await import("../verbs/promises.ts")).showPromises(options)));
  addApiOptions(
    program
      .command("duty")
      .summary("show who is on duty, and the gaps of every roster that your lines name")
      .description(
        "Shows the shifts of your company's rosters, the people whom this installation cannot reach, and the gaps.\nOf another company's roster on your lines, it shows the gaps only.",
      )
      .option("--at <instant>", "first instant to show (default: now)", readInstant)
      .option("--days <days>", "number of days to show", readDays, 7),
  ).action(async (options: DutyOptions) => end(await (await import("../verbs/duty.ts")).showDuty(options)));
  addApiOptions(
    program
      .command("operations")
      .summary("show the state of all services")
      .description(
        "Shows the state of all services with the key of the operator. The exit code is 1 if a service is not ready.",
      ),
  ).action(async (options: ApiOptions) => end(await (await import("../verbs/operations.ts")).showOperations(options)));
}

function end(code: number): void {
  process.exitCode = code;
}
