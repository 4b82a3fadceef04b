import { indicatorName, reportPeriod } from "@crossline/contracts";
import { Argument, type Command, Option } from "commander";
import { runningPortOption } from "../arguments.ts";
import type { ReportOptions } from "../verbs/report.ts";

/** Adds the verb `report`. */
export function addReport(program: Command): void {
  program
    .command("report")
    .summary("show a report, or list the indicators")
    .description(
      "Shows the value of an indicator for each group. Without an indicator, it lists the indicators with their definitions.\nThe verb uses the company's key from CROSSLINE_KEY, or else the key that start has saved for northtel.",
    )
    .addArgument(new Argument("[indicator]", "the indicator").choices(indicatorName.options))
    .option("--by <dimensions>", "up to 4 dimensions, separated by commas, such as os,model")
    .addOption(new Option("--period <period>", "group by this period, too").choices(reportPeriod.options))
    .option("--zone <zone>", "time zone of the periods", "UTC")
    .option("--from <instant>", "count from this instant on")
    .option("--to <instant>", "count up to this instant, which does not count")
    .option("--filter <filter...>", "count only this value of a dimension, such as os=PocketOS")
    .option("--timeline <id>", "timeline of the cases", "wall")
    .option("--party <party>", "company of the report; only with the operator's key")
    .addOption(new Option("--json", "print the response as JSON").conflicts("csv"))
    .option("--csv", "print the response as CSV")
    .addOption(new Option("--url <url>", "address of another Crossline").conflicts("port"))
    .addOption(runningPortOption())
    .action(async (indicator: string | undefined, options: ReportOptions) => {
      process.exitCode = await (await import("../verbs/report.ts")).showReport(indicator, options);
    });
}

/** Adds the verbs `insight` and `console`, which operate the services that follow from the topics. */
export function addRebuilds(program: Command): void {
  addRebuild(program, "insight", "Operates the service of the reports.", "Reports are");
  addRebuild(program, "console", "Operates the service of journals and boards.", "Journals and boards are");
}

function addRebuild(program: Command, name: "insight" | "console", about: string, incomplete: string): void {
  program
    .command(name)
    .usage("<verb> [options]")
    .description(about)
    .command("rebuild")
    .summary("delete all tables, and read the topics from their beginning")
    .description(
      `Deletes all tables of ${name}, and makes it read the topics from their beginning. ${incomplete} incomplete meanwhile.\nEscalations continue. An interruption of this command does not stop the service. If another checkout started Crossline,\nset INTERNAL_KEY in the environment.`,
    )
    .addOption(runningPortOption())
    .action(async ({ port }: { port?: number }) => {
      process.exitCode = await (await import("../verbs/rebuild.ts")).rebuild(name, port);
    });
}
