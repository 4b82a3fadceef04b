import { openPhase, returnCode, severity } from "@crossline/contracts";
import { type Command, Option } from "commander";
import { type ApiOptions, addApiOptions, addPersonOption, readInstantText, readLimit } from "../arguments.ts";
import type { AcceptOptions, ReturnOptions, SolveOptions } from "../verbs/queue-command.ts";
import type { QueueListOptions } from "../verbs/queue-list.ts";

const reading = () => import("../verbs/queue-list.ts");
const commands = () => import("../verbs/queue-command.ts");

/** Adds the group `queue`. */
export function addQueue(program: Command): void {
  const group = program
    .command("queue")
    .usage("<verb> [options]")
    .description(
      "Works on the hand-offs in a vendor's queues.\nThe verbs use the vendor's key from CROSSLINE_VENDOR_KEY or CROSSLINE_KEY, or else the key that start has saved for\norchard. `claim` saves the token in .crossline, and the other verbs use the saved token.",
    );
  addApiOptions(
    group
      .command("list")
      .summary("list the queues, or the open hand-offs of one queue")
      .description("Lists your queues with counts. With a queue, lists the open hand-offs of the queue.")
      .argument("[queue]", "the queue, such as orchard.handheld")
      .addOption(new Option("--state <phase...>", "one or several phases").choices(openPhase.options))
      .addOption(new Option("--severity <severity...>", "one or several severities").choices(severity.options))
      .addOption(
        new Option("--sort <order>", "offered: oldest first; due: earliest end first").choices(["offered", "due"]),
      )
      .option("--limit <count>", "maximum number of hand-offs", readLimit, 50)
      .option("--timeline <id>", "timeline of the cases", "wall"),
  ).action(async (queue: string | undefined, options: QueueListOptions) =>
    end(await (await reading()).listQueue(queue, options)),
  );
  handoffVerb(group, "show", "show a hand-off and its brief").action(async (id: string, options: ApiOptions) =>
    end(await (await reading()).showHandoff(id, options)),
  );
  addPersonOption(handoffVerb(group, "claim", "claim a hand-off, or renew your claim")).action(
    async (id: string, options: ApiOptions) => end(await (await commands()).claimHandoff(id, options)),
  );
  addDeskCommands(group);
}

function addDeskCommands(group: Command): void {
  handoffVerb(group, "accept", "accept a claimed hand-off; your company is then the holder")
    .requiredOption("--engineer <name>", "name of the engineer")
    .requiredOption("--contact <contact>", "phone number or mail address of the engineer")
    .requiredOption("--number <text>", "your own number of the case")
    .requiredOption("--next <text>", "the next step")
    .requiredOption("--eta <instant>", "instant at which the next step is done", readInstantText)
    .requiredOption("--problem <text>", "the problem as you understand it")
    .requiredOption("--tried <text>", "the tried steps as you understand them")
    .option("--need-by <instant>", "the need-by of the brief, if it has one", readInstantText)
    .action(async (id: string, options: AcceptOptions) => end(await (await commands()).acceptHandoff(id, options)));
  handoffVerb(group, "release", "release your claim").action(async (id: string, options: ApiOptions) =>
    end(await (await commands()).releaseHandoff(id, options)),
  );
  handoffVerb(group, "return", "return an accepted case to the carrier, with evidence")
    .addOption(new Option("--code <code>", "reason code").choices(returnCode.options).makeOptionMandatory())
    .requiredOption("--test <text>", "evidence: the test")
    .requiredOption("--result <text>", "evidence: its result")
    .requiredOption("--unless <text>", "evidence: a result that would change your mind")
    .option("--note <text>", "a remark")
    .action(async (id: string, options: ReturnOptions) => end(await (await commands()).returnHandoff(id, options)));
  handoffVerb(group, "solve", "report the fix of an accepted case")
    .requiredOption("--fix <code>", "fix code, such as memory-full")
    .option("--root-cause <text>", "root cause; a joint case needs it")
    .option("--note <text>", "a remark")
    .action(async (id: string, options: SolveOptions) => end(await (await commands()).solveHandoff(id, options)));
}

function handoffVerb(group: Command, name: string, summary: string): Command {
  const verb = group
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .argument("<handoff>", "id of the hand-off (ho_…)");
  return addApiOptions(verb);
}

function end(code: number): void {
  process.exitCode = code;
}
