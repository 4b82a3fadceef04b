import type { PresentedCase } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { connectCompany } from "../connection.ts";
import { readDocument, readText, toLine } from "../document-file.ts";
import { CommandFault, UsageFault } from "../fault.ts";
import { print, printJson } from "../print.ts";
import { personOf } from "./case-command.ts";

export type CaseOpenOptions = ApiOptions & {
  readonly title?: string;
  readonly number?: string;
  readonly channel?: string;
  readonly severity?: string;
  readonly kind?: string;
  readonly line?: string;
  readonly vendor?: string;
  readonly model?: string;
  readonly os?: string;
  readonly symptom?: string;
  readonly needBy?: string;
  readonly subject?: readonly string[];
  readonly live?: boolean;
  readonly timeline?: string;
  readonly person?: string;
};

type Fields = Readonly<Record<string, unknown>>;

/** Runs `case open [FILE]`. The options replace the fields of the file. The verb prints the id of the case. */
export async function openCase(file: string | undefined, options: CaseOpenOptions): Promise<number> {
  const body = { channel: "phone", carrierCaseId: newNumber(), ...fieldsOfFile(file), ...fieldsOf(options) };
  if (!("title" in body)) throw new UsageFault("A case needs --title, or a file with a title.");
  const opened = await (await connectCompany(options)).post<PresentedCase>("/v1/cases", body);
  if (options.json === true) printJson(opened);
  else {
    const { id, carrierCaseId, line, lineReason } = opened;
    print(`${carrierCaseId} is open: ${id}`);
    print(
      `Its line is ${line.name}@${line.version} (${lineReason}). \`crossline case show ${id}\` shows its deadlines.`,
    );
  }
  return 0;
}

function fieldsOfFile(file: string | undefined): Fields {
  if (file === undefined) return {};
  const reading = readDocument(readText(file));
  if (!reading.ok) throw new CommandFault(toLine(file, reading.fault));
  if (typeof reading.value !== "object" || reading.value === null || Array.isArray(reading.value))
    throw new CommandFault(`${file} must have the fields of a case, such as title and channel.`);
  return reading.value as Fields;
}

function fieldsOf(options: CaseOpenOptions): Fields {
  const { title, number: carrierCaseId, channel, severity, kind, line, symptom, needBy, timeline } = options;
  const { vendor, model, os, live } = options;
  const device = present({ vendor, model, os });
  const subject = Object.fromEntries((options.subject ?? []).map(readPair));
  return {
    ...present({ title, carrierCaseId, channel, severity, kind, line, symptom, needBy, timeline }),
    ...present({ person: personOf(options) }),
    ...(Object.keys(device).length > 0 && { device }),
    ...(Object.keys(subject).length > 0 && { subject }),
    ...(live === true && { handling: {} }),
  };
}

function readPair(text: string): [string, string] {
  const [name = "", ...value] = text.split("=");
  if (value.length === 0) throw new UsageFault(`--subject ${text} has no value: write it like msisdn=+14165550100.`);
  return [name, value.join("=")];
}

function present(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function newNumber(): string {
  return `CLI-${Date.now().toString(36).toUpperCase()}`;
}
