import { problemStatus } from "@crossline/contracts";
import { type Command, Option } from "commander";
import { type ApiOptions, addApiOptions, addPersonOption, readLimit } from "../arguments.ts";
import type { AssignOptions, KnownErrorOptions, ProblemListOptions, ResolveOptions } from "../verbs/problem.ts";

const verbs = () => import("../verbs/problem.ts");

/** Adds the group `problem`. */
export function addProblem(program: Command): void {
  const group = program
    .command("problem")
    .usage("<verb> [options]")
    .description("Works on the problems of your company: causes that several cases share.");
  addApiOptions(
    group
      .command("list")
      .summary("list the problems, newest first")
      .description("Lists the problems of your company, newest first.")
      .addOption(new Option("--status <status...>", "one or several statuses").choices(problemStatus.options))
      .option("--limit <count>", "maximum number of problems", readLimit, 50)
      .option("--timeline <id>", "timeline of the cases", "wall"),
  ).action(async (options: ProblemListOptions) => end(await (await verbs()).listProblems(options)));
  problemVerb(group, "show", "show a problem, its counts and its history").action(
    async (id: string, options: ApiOptions) => end(await (await verbs()).showProblem(id, options)),
  );
  command(group, "assign", "give a problem an owner; a new problem is then under investigation")
    .requiredOption("--owner <id>", "your company's id of the owner")
    .requiredOption("--reason <text>", "the reason")
    .action(async (id: string, options: AssignOptions) => end(await (await verbs()).assignProblem(id, options)));
  command(group, "known-error", "record the workaround of a problem, which matching cases get")
    .requiredOption("--workaround <text>", "the workaround")
    .option("--fix <code>", "fix code that names the workaround, such as network-reset")
    .option("--reason <text>", "the reason")
    .action(async (id: string, options: KnownErrorOptions) => end(await (await verbs()).recordKnownError(id, options)));
  command(group, "resolve", "report that the cause of a problem is removed")
    .requiredOption("--reason <text>", "the reason")
    .action(async (id: string, options: ResolveOptions) => end(await (await verbs()).resolveProblem(id, options)));
}

function problemVerb(group: Command, name: string, summary: string): Command {
  const verb = group
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .argument("<problem>", "id of the problem (pb_…)");
  return addApiOptions(verb);
}

function command(group: Command, name: string, summary: string): Command {
  return addPersonOption(problemVerb(group, name, summary));
}

function end(code: number): void {
  process.exitCode = code;
}
