import { type Command, Option } from "commander";
import { type ApiOptions, addApiOptions, addPersonOption, readLimit } from "../arguments.ts";
import type { IncidentCommandOptions, IncidentListOptions } from "../verbs/incident.ts";

const verbs = () => import("../verbs/incident.ts");

/** Adds the group `incident`. */
export function addIncident(program: Command): void {
  const group = program
    .command("incident")
    .usage("<verb> [options]")
    .description(
      "Lists, shows and changes incidents: alike cases of which only the lead case crosses.\nThe verbs use the carrier's key from CROSSLINE_KEY, or else the key that start has saved for northtel.",
    );
  addApiOptions(
    group
      .command("list")
      .summary("list incidents, newest first")
      .description("Lists the incidents of your company, newest first.")
      .addOption(new Option("--state <state>", "only incidents in this state").choices(["open", "ended"]))
      .option("--limit <count>", "maximum number of incidents", readLimit, 50)
      .option("--timeline <id>", "timeline of the incidents", "wall"),
  ).action(async (options: IncidentListOptions) => end(await (await verbs()).listIncidents(options)));
  addApiOptions(
    group
      .command("show")
      .summary("show an incident with its cases and messages")
      .description("Shows an incident with its lead case, its members, the cases that left, and its messages.")
      .argument("<id>", idHelp),
  ).action(async (id: string, options: ApiOptions) => end(await (await verbs()).showIncident(id, options)));
  commandVerb(group, "join", "add a case to an incident").action(
    async (id: string, caseId: string, options: IncidentCommandOptions) =>
      end(await (await verbs()).changeMember(id, "join", caseId, options)),
  );
  commandVerb(group, "leave", "remove a case from an incident; its clocks start again").action(
    async (id: string, caseId: string, options: IncidentCommandOptions) =>
      end(await (await verbs()).changeMember(id, "leave", caseId, options)),
  );
  addReason(
    group
      .command("end")
      .summary("end an incident; the members leave")
      .description("Ends an incident. The members leave, and their clocks start again. The lead case stays as it is.")
      .argument("<id>", idHelp),
  ).action(async (id: string, options: IncidentCommandOptions) => end(await (await verbs()).endIncident(id, options)));
}

const idHelp = "id of the incident";

function commandVerb(group: Command, name: string, summary: string): Command {
  return addReason(
    group
      .command(name)
      .summary(summary)
      .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}.`)
      .argument("<id>", idHelp)
      .argument("<case>", "id of the case, or the carrier's own number of the case"),
  );
}

function addReason(verb: Command): Command {
  return addApiOptions(addPersonOption(verb.requiredOption("--reason <text>", "reason for the history of the cases")));
}

function end(code: number): void {
  process.exitCode = code;
}
