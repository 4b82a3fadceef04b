import { Argument, Command, Option } from "commander";
import { brokerOption, readPort, readVersion, readZone, runningPortOption } from "./arguments.ts";
import { addAccess } from "./access/arguments.ts";
import { addBootstrap } from "./bootstrap/arguments.ts";
import { addCase } from "./case/arguments.ts";
import { addChange } from "./change/arguments.ts";
import { addCompletion } from "./completion/arguments.ts";
import { addDoctor } from "./doctor/arguments.ts";
import { helpConfiguration } from "./help.ts";
import { addProblem } from "./problem/arguments.ts";
import { addIncident } from "./incident/arguments.ts";
import { addQueue } from "./queue/arguments.ts";
import { addReplay } from "./replay/arguments.ts";
import { addRebuilds, addReport } from "./report/arguments.ts";
import { addRoster } from "./roster/arguments.ts";
import { addActions } from "./actions/arguments.ts";
import { addConsole } from "./console/arguments.ts";
import { addSignInLink } from "./session/arguments.ts";
import { defaultPort } from "./running.ts";
import { type ServiceName, serviceNames } from "./services.ts";
import type { MoveOptions } from "./verbs/line-move.ts";
import type { SetAsideOptions } from "./verbs/set-aside.ts";
import type { SkillsOptions } from "./verbs/skills-import.ts";
import type { StartOptions } from "./verbs/start.ts";
import type { StoryNumber } from "./verbs/story.ts";

/**
 * Returns the command with all its verbs. `parseAsync` runs a verb, and the verb sets `process.exitCode`. `parseAsync`
 * throws a CommanderError for help and for wrong usage. The code of a verb is loaded when the verb runs, so
 * `line check` loads no Kafka client.
 */
export function crossline(): Command {
  const program = new Command("crossline")
    .usage("<verb> [options]")
    .description(
      "Starts Crossline from this checkout, and operates it while it runs.\nFrom a shell: npx -y pnpm crossline <verb>",
    )
    .helpCommand(false)
    .showHelpAfterError("Add --help to see the usage.")
    .helpOption("-h, --help", "show this help")
    .configureHelp(helpConfiguration)
    .exitOverride();
  addStart(program);
  addBootstrap(program);
  addDoctor(program);
  addCase(program);
  addQueue(program);
  addProblem(program);
  addIncident(program);
  addChange(program);
  addConsole(program);
  addStory(program);
  addReplay(program, {
    replay: async (request) => end(await (await import("./verbs/replay.ts")).replay(request)),
    remove: async (request) => end(await (await import("./verbs/replay.ts")).removeReplays(request)),
  });
  addLine(program);
  addRoster(program);
  addSkills(program);
  addReport(program);
  addRebuilds(program);
  addDossier(program);
  addActions(program);
  addSignInLink(program);
  addAccess(program);
  addParked(program);
  addSetAside(program);
  addCompletion(program);
  return program;
}

function end(code: number): void {
  process.exitCode = code;
}

function addStart(program: Command): void {
  program
    .command("start")
    .summary("start PostgreSQL, Kafka and the services, and play the three-hour call")
    .description(
      "Starts PostgreSQL, Kafka and the services on this machine, and plays the three-hour call. It runs until Ctrl-C.\nThe data stays for the next start.",
    )
    .addOption(brokerOption())
    .option(
      "--port <port>",
      "port of the public address; Crossline also uses the six ports after it",
      readPort,
      defaultPort,
    )
    .option("--no-story", "do not play the story")
    .action(async (options: StartOptions) => end(await (await import("./verbs/start.ts")).start(options)));
}

function addStory(program: Command): void {
  program
    .command("story")
    .summary("play a true story through the running Crossline")
    .description(
      "Plays a true story through the running Crossline, on a stepped timeline.\n  1  the three-hour call\n  2  one and done\n  3  fourteen days for an activation code\n  4  an unanswered inquiry\n  5  keys by half past nine",
    )
    .addArgument(new Argument("<number>", "the story").choices(["1", "2", "3", "4", "5"]))
    .addOption(runningPortOption())
    .action(async (number: StoryNumber, { port }: { port?: number }) =>
      end(await (await import("./verbs/story.ts")).story(number, port)),
    );
}

function addLine(program: Command): void {
  const line = program
    .command("line")
    .usage("<verb> [options]")
    .description("Checks lines and calendars, and moves cases to another version of their line.");
  line
    .command("check")
    .summary("check lines and calendars, without a server")
    .description("Checks lines and calendars (YAML or JSON) without a server, and reports each fault with its place.")
    .argument("<file...>", "files to check")
    .action(async (files: readonly string[]) => end(await (await import("./verbs/line-check.ts")).checkLines(files)));
  line
    .command("move")
    .summary("move open cases to another version of their line, or preview the move")
    .description(
      "Shows which deadlines of the open cases would change under another version of their line. --yes moves the cases.\nThe verb uses the carrier's key from CROSSLINE_KEY, or else the key that start has saved for northtel.",
    )
    .argument("<name>", "the line")
    .requiredOption("--to <version>", "version to move to", readVersion)
    .option("--from <version>", "move only cases under this version", readVersion)
    .option("--yes", "move the cases")
    .option("--timeline <id>", "timeline of the cases", "wall")
    .option("--reason <text>", "reason for the history of each case", "a new version of the line")
    .addOption(new Option("--url <url>", "address of another Crossline").conflicts("port"))
    .addOption(runningPortOption())
    .action(async (name: string, options: MoveOptions) =>
      end(await (await import("./verbs/line-move.ts")).moveCases(name, options)),
    );
}

function addSkills(program: Command): void {
  program
    .command("skills")
    .usage("<verb> [options]")
    .description("Imports the skills of people.")
    .command("import")
    .summary("import the skills of people from a CSV file, or preview the import")
    .description(
      "Imports the skills of people: person, os, from_version, to_version, model, level, valid_from, valid_to, source.\nA person with a refused row stays unchanged. All other people of the file are applied at once.\nAfter an interruption, the same command continues. The verb uses the company's key from CROSSLINE_KEY, or else the\nkey that start has saved for northtel.",
    )
    .argument("<file>", "CSV file in UTF-8, with a header row")
    .option("--replace", "remove the people who are not in the file; refused rows prevent this")
    .option("--dry-run", "show the difference and change nothing")
    .option("--zone <zone>", "time zone of dates without a time", readZone, "UTC")
    .option("--by <person>", "your company's id of the person who imports, for the history")
    .option("--report <file>", "file for the refused rows (default: the name of the CSV file and .refused.csv)")
    .addOption(new Option("--url <url>", "address of another Crossline").conflicts("port"))
    .addOption(runningPortOption())
    .action(async (file: string, options: SkillsOptions) =>
      end(await (await import("./verbs/skills-import.ts")).importSkills(file, options)),
    );
}

function addDossier(program: Command): void {
  program
    .command("dossier")
    .usage("<verb> [options]")
    .description("Verifies exported dossiers.")
    .command("verify")
    .summary("verify an exported dossier, without a server")
    .description("Verifies an exported dossier without a server, and reports each changed byte with its place.")
    .argument("<file>", "the exported dossier")
    .action(async (file: string) => end(await (await import("./verbs/dossier-verify.ts")).verifyDossier(file)));
}

function addParked(program: Command): void {
  const service = () => new Argument("<service>", "the service that parked the case or record").choices(serviceNames);
  const parked = program
    .command("parked")
    .usage("[verb] [options]")
    .description(
      "Lists the parked cases and dead letters of the running services. Retries them after an operator has fixed the cause.\nIf another checkout started Crossline, set INTERNAL_KEY in the environment.",
    )
    .addOption(runningPortOption());
  const verbs = () => import("./verbs/parked.ts");
  const port = () => parked.opts<{ port?: number }>().port;
  parked
    .command("list", { isDefault: true })
    .description("list the parked cases and dead letters of each service")
    .action(async () => end(await (await verbs()).listAllParked(port())));
  parked
    .command("replay")
    .description("retry the parked records of a case")
    .addArgument(service())
    .argument("<case>", "id of the case")
    .action(async (name: ServiceName, id: string) => end(await (await verbs()).replayParked(name, id, port())));
  parked
    .command("replay-dead")
    .description("retry a dead letter")
    .addArgument(service())
    .argument("<id>", "id of the dead letter")
    .action(async (name: ServiceName, id: string) => end(await (await verbs()).replayDeadLetter(name, id, port())));
}

function addSetAside(program: Command): void {
  program
    .command("set-aside")
    .summary("set the data of PostgreSQL and Kafka aside together")
    .description(
      "Sets the data of PostgreSQL and Kafka aside together, so that the next start begins without data.\nIt shows the steps, and --yes performs them. It renames the folder of this checkout's servers, or copies the volumes.",
    )
    .option("--yes", "perform the steps")
    .addOption(new Option("--compose", "set aside the volumes of docker compose").conflicts("external"))
    .option("--external", "print the statements for your own servers")
    .action(async (options: SetAsideOptions) => end(await (await import("./verbs/set-aside.ts")).setAside(options)));
}
