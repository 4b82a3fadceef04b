import { readDocument, readText, toLine } from "../document-file.ts";
import { CommandFault } from "../fault.ts";
import { readyMade } from "../stories/ready-made.ts";

/** The companies of the line, and the roster of the first person. */
export type LineParties = {
  readonly carrier: string;
  readonly vendor: string | undefined;
  /** The roster as a line names it: `roster:<party>.<name>`. */
  readonly roster: string;
};

type CrossingStep = { readonly to: string };

/** A line document with the fields that `bootstrap` reads. Crossline lints the other fields. */
export type BootstrapLine = { readonly line: string; readonly crossing?: readonly CrossingStep[] };

/**
 * Returns a line of infra/lines for these companies. All pages go to the roster of the first person. Without a vendor,
 * the cases of the line do not cross, and the line pages the roster instead.
 */
export function lineFromTemplate(name: string, { carrier, vendor, roster }: LineParties): BootstrapLine {
  const parties = { northtel: carrier, lumen: carrier, ...(vendor !== undefined && { orchard: vendor }) };
  const {
    match,
    needBy,
    crossing = [],
    ...document
  } = readyMade(`${name}.yaml`, parties) as BootstrapLine & {
    readonly match?: string;
    readonly needBy?: object;
  };
  const steps = crossing.map((step) => (step.to.startsWith("roster:") ? { ...step, to: roster } : step));
  const own = steps.filter(({ to }) => vendor !== undefined || !to.startsWith("queue:"));
  return {
    ...document,
    // The condition of a template names the vendor of the device.
    ...(match !== undefined && (vendor !== undefined || !match.includes("vendor")) && { match }),
    ...(needBy !== undefined && { needBy: { ...needBy, emergency: roster } }),
    crossing: own.length > 0 ? own : [{ to: roster, acceptWithin: "PT15M", repeat: 2 }],
    lastResort: [roster],
  } as BootstrapLine;
}

/** Reads a line from a file in YAML or JSON. Throws a CommandFault with the place of a fault. */
export function lineFromFile(file: string): BootstrapLine {
  const reading = readDocument(readText(file));
  if (!reading.ok) throw new CommandFault(toLine(file, reading.fault));
  const { value } = reading;
  if (typeof value !== "object" || value === null || !("line" in value) || typeof value.line !== "string")
    throw new CommandFault(`${file} is no line: the field \`line\` is missing.`);
  return value as BootstrapLine;
}
