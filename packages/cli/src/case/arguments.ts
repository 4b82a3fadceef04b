import { audience, caseStatus, channel, contactContent, reopenCode, severity } from "@crossline/contracts";
import { Argument, type Command, Option } from "commander";
import { type ApiOptions, addApiOptions, addPersonOption, append, readInstantText, readLimit } from "../arguments.ts";
import type { CommandOptions } from "../verbs/case-command.ts";
import type { CaseLinkOptions } from "../verbs/case-link.ts";
import type {
  CloseOptions,
  ContactOptions,
  CrossOptions,
  NoteOptions,
  PromiseOptions,
  ResolveOptions,
  StepOptions,
  TakeOptions,
} from "./commands.ts";
import type { CaseListOptions } from "../verbs/case-list.ts";
import type { CaseOpenOptions } from "../verbs/case-open.ts";

const idHelp = "id of the case, or the carrier's own number of the case";
const commands = () => import("./commands.ts");

/** Adds the group `case`. */
export function addCase(program: Command): void {
  const group = program
    .command("case")
    .usage("<verb> [options]")
    .description(
      "Lists, shows, opens and changes cases.\nThe verbs use the company's key from CROSSLINE_KEY, or else the key that start has saved for northtel.",
    );
  addReading(group);
  addOpening(group);
  addDossierVerbs(group);
  addEnding(group);
  addPromises(group);
  addLink(group);
}

function addReading(group: Command): void {
  addApiOptions(
    group
      .command("list")
      .summary("list cases, newest first or by their next deadline")
      .description("Lists the cases that match all options, newest first or by their next deadline.")
      .addOption(new Option("--status <status...>", "one or several statuses").choices(caseStatus.options))
      .addOption(new Option("--severity <severity...>", "one or several severities").choices(severity.options))
      .option("--holder <party>", "cases that this party holds now")
      .option("--line <name>", "cases under any version of this line")
      .addOption(
        new Option("--sort <order>", "opened: newest first; due: next deadline first").choices(["opened", "due"]),
      )
      .option("--limit <count>", "maximum number of cases", readLimit, 50)
      .option("--timeline <id>", "timeline of the cases", "wall"),
  ).action(async (options: CaseListOptions) => end(await (await import("../verbs/case-list.ts")).listCases(options)));
  addApiOptions(
    group
      .command("show")
      .summary("show a case: state, deadlines, hand-offs, promises and last entries")
      .description("Shows a case for a person on the phone: state, deadlines, hand-offs, promises and last entries.")
      .argument("<id>", idHelp)
      .option("--entries <count>", "number of last entries", readLimit, 5),
  ).action(async (id: string, options: { entries: number }) =>
    end(await (await import("../verbs/case-show.ts")).showCase(id, options)),
  );
  addApiOptions(
    group
      .command("journal")
      .summary("show every fact of a case")
      .description("Shows every fact of a case that your company may read, the oldest first.")
      .argument("<id>", idHelp),
  ).action(async (id: string, options: ApiOptions) =>
    end(await (await import("../verbs/case-journal.ts")).showJournal(id, options)),
  );
  addApiOptions(
    group
      .command("clocks")
      .summary("show every clock that a case has had")
      .description("Shows every clock that a case has had, with its start and its end, now or at an earlier instant.")
      .argument("<id>", idHelp)
      .option("--at <instant>", "instant of the clocks (default: now)", readInstantText),
  ).action(async (id: string, options: ApiOptions & { at?: string }) =>
    end(await (await import("../verbs/case-journal.ts")).showClocks(id, options)),
  );
}

function addOpening(group: Command): void {
  addApiOptions(
    addPersonOption(
      group
        .command("open")
        .summary("open a case, from options or from a file")
        .description(
          "Opens a case from options, or from a YAML or JSON file with the fields of the API. An option replaces a field of the file.",
        )
        .argument("[file]", "file with the fields of the case")
        .option("--title <text>", "the problem, in one row")
        .option("--number <text>", "your own number of the case (default: a new number)")
        .addOption(
          new Option("--channel <channel>", "channel of the first contact (default: phone)").choices(channel.options),
        )
        .addOption(new Option("--severity <severity>", "severity (default: minor)").choices(severity.options))
        .option("--kind <kind>", "case kind (default: fault)")
        .option("--line <name>", "line (default: by the match conditions of your lines)")
        .option("--vendor <party>", "vendor of the device")
        .option("--model <text>", "model of the device")
        .option("--os <text>", "version of the operating system")
        .option("--symptom <code>", "symptom, such as no-signal")
        .option("--need-by <instant>", "instant by which the customer needs the solution", readInstantText)
        .option(
          "--subject <name=value>",
          "an identity of the customer, such as msisdn=+14165550100; can be repeated",
          append,
        )
        .option("--live", "the customer is live; a CRM must send heartbeats for a longer handling")
        .option("--timeline <id>", "timeline of the case"),
    ),
  ).action(async (file: string | undefined, options: CaseOpenOptions) =>
    end(await (await import("../verbs/case-open.ts")).openCase(file, options)),
  );
}

function addDossierVerbs(group: Command): void {
  commandVerb(group, "note", "add a note, a hypothesis, a decision or a message to the dossier")
    .argument("<text>", "the text")
    .addOption(
      new Option("--kind <kind>", "kind of the entry (default: note)").choices([
        "note",
        "hypothesis",
        "decision",
        "message",
      ]),
    )
    .addOption(
      new Option("--audience <audience>", "readers of the entry (default: partners)").choices(audience.options),
    )
    .option("--by-customer", "the text comes from the customer")
    .action(async (id: string, text: string, options: NoteOptions) =>
      end(await (await commands()).addNote(id, text, options)),
    );
  commandVerb(group, "step", "record a step that was tried on the device")
    .argument("<name>", "name of the step, such as restart")
    .addArgument(new Argument("<outcome>", "the outcome").choices(["worked", "partly", "failed", "not-possible"]))
    .option("--text <text>", "a remark")
    .option("--again <reason>", "reason to repeat a step that was tried before")
    .action(async (id: string, name: string, outcome: string, options: StepOptions) =>
      end(await (await commands()).addStep(id, { name, outcome }, options)),
    );
  commandVerb(group, "contact", "record a contact with the customer")
    .addArgument(new Argument("<channel>", "channel of the contact").choices(channel.options))
    .addOption(new Option("--content <content>", "content (default: inquiry)").choices(contactContent.options))
    .option("--outbound", "the company contacted the customer")
    .action(async (id: string, by: string, options: ContactOptions) =>
      end(await (await commands()).addContact(id, by, options)),
    );
  commandVerb(group, "cross", "request that the case crosses now")
    .option("--reason <text>", "reason for the history of the case")
    .action(async (id: string, options: CrossOptions) => end(await (await commands()).crossCase(id, options)));
}

function addEnding(group: Command): void {
  commandVerb(group, "take", "take a case for which the last resort or a roster was paged")
    .requiredOption("--name <name>", "your name, for the other company")
    .requiredOption("--contact <contact>", "your phone number or mail address")
    .action(async (id: string, options: TakeOptions) => end(await (await commands()).takeCase(id, options)));
  commandVerb(group, "resolve", "report that the problem is solved")
    .requiredOption("--fix <code>", "fix code, such as memory-full")
    .option("--root-cause <text>", "root cause; a joint case needs it")
    .option("--note <text>", "a remark")
    .action(async (id: string, options: ResolveOptions) => end(await (await commands()).resolveCase(id, options)));
  commandVerb(group, "confirm", "record that the customer confirms the fix").action(
    async (id: string, options: CommandOptions) => end(await (await commands()).confirmCase(id, options)),
  );
  commandVerb(group, "reopen", "reopen a case whose problem is not solved")
    .addArgument(new Argument("<code>", "reason code").choices(reopenCode.options))
    .argument("<reason>", "reason in words")
    .action(async (id: string, code: string, reason: string, options: CommandOptions) =>
      end(await (await commands()).reopenCase(id, { code, reason }, options)),
    );
  commandVerb(group, "close", "close a solved case")
    .option("--note <text>", "a remark")
    .action(async (id: string, options: CloseOptions) => end(await (await commands()).closeCase(id, options)));
}

function addPromises(group: Command): void {
  commandVerb(group, "promise", "record a promise with a deadline")
    .argument("<text>", "the promise")
    .requiredOption("--until <instant>", "last instant at which a delivery is in time", readInstantText)
    .option("--from <instant>", "first instant of the window", readInstantText)
    .addOption(new Option("--for <deadline>", "a delivery in time also meets this deadline").choices(["need-by"]))
    .action(async (id: string, text: string, options: PromiseOptions) =>
      end(await (await commands()).makePromise(id, text, options)),
    );
  commandVerb(group, "deliver", "report that a promise was kept")
    .argument("<promise>", "id of the promise (pr_…)")
    .argument("<evidence>", "evidence of the delivery")
    .action(async (id: string, promise: string, evidence: string, options: CommandOptions) =>
      end(await (await commands()).deliverPromise(id, { promise, evidence }, options)),
    );
}

function addLink(group: Command): void {
  addApiOptions(
    group
      .command("link")
      .summary("make a link with which the customer follows the case")
      .description(
        "Makes a link with which the customer follows the case without an account, and reports that it works or is still broken.\nThe screen of the link shows nothing internal. Only the carrier of the case makes a link.",
      )
      .argument("<id>", idHelp)
      .option("--expires-in <duration>", "time until the link expires, at most P90D (default: P30D)")
      .option("--zone <zone>", "the customer's time zone, such as America/Toronto (default: that of the browser)")
      .option("--end", "end all links of the case instead of making one"),
  ).action(async (id: string, options: CaseLinkOptions) =>
    end(await (await import("../verbs/case-link.ts")).linkCase(id, options)),
  );
}

/** Returns a verb that changes a case. Its first argument is the case. */
function commandVerb(group: Command, name: string, summary: string): Command {
  const verb = group
    .command(name)
    .summary(summary)
    .description(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`)
    .argument("<id>", idHelp);
  return addApiOptions(addPersonOption(verb));
}

function end(code: number): void {
  process.exitCode = code;
}
