import type { Command } from "commander";
import { type ApiOptions, addApiOptions, readDays, readInstant, readInstantText } from "../arguments.ts";
import type { RosterOptions } from "../verbs/roster-check.ts";

/** Adds the group `roster`. */
export function addRoster(program: Command): void {
  const group = program
    .command("roster")
    .usage("<verb> [options]")
    .description("Checks rosters, and shows the people on duty.");
  group
    .command("check")
    .summary("check a roster and show who is on duty, without a server")
    .description("Checks a roster (YAML or JSON) without a server, and shows who is on duty.")
    .argument("<file>", "the roster")
    .option("--at <instant>", "first instant to show (default: now)", readInstant)
    .option("--days <days>", "number of days to show", readDays, 7)
    .action(async (file: string, options: RosterOptions) =>
      end(await (await import("../verbs/roster-check.ts")).checkRoster(file, options)),
    );
  addApiOptions(
    group
      .command("show")
      .summary("show the people on duty now, or at an instant")
      .description("Shows the people on duty of a published roster of your company, now or at an instant.")
      .argument("<name>", "name of the roster")
      .option("--at <instant>", "the instant (default: now)", readInstantText),
  ).action(async (name: string, options: ApiOptions & { at?: string }) =>
    end(await (await import("../verbs/roster-show.ts")).showRoster(name, options)),
  );
  addApiOptions(
    group
      .command("week")
      .summary("show the turns and uncovered periods of a week")
      .description("Shows who is on duty in each layer of a published roster for a week, and the uncovered periods.")
      .argument("<name>", "name of the roster")
      .option("--at <instant>", "first instant to show (default: now)", readInstant)
      .option("--days <days>", "number of days to show", readDays, 7),
  ).action(async (name: string, options: ApiOptions & RosterOptions) =>
    end(await (await import("../verbs/roster-show.ts")).showWeek(name, options)),
  );
}

function end(code: number): void {
  process.exitCode = code;
}
