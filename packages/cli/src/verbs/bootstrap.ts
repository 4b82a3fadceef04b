import type { ApiOptions } from "../arguments.ts";
import { type BootstrapLine, lineFromFile, lineFromTemplate } from "../bootstrap/line.ts";
import { type BootstrapRun, type Step, ensureCompany } from "../bootstrap/party.ts";
import { type Client, createClient, isAccepted } from "../client.ts";
import { findAddress, secretsOf } from "../connection.ts";
import { createUnlessThere } from "../create-unless-there.ts";
import { readEnvFile, writeEnvFile } from "../env-file.ts";
import { KeyFault, UsageFault } from "../fault.ts";
import { print, printJson, say } from "../print.ts";
import { requestLink } from "./sign-in-link.ts";

export type BootstrapOptions = ApiOptions & {
  readonly person: string;
  readonly mail?: string;
  readonly webhook?: string;
  readonly zone: string;
  readonly vendor?: string;
  readonly template: string;
  readonly line?: string;
  readonly envFile: string;
  readonly force?: boolean;
};

const rosterName = "duty";

/**
 * Runs `bootstrap CARRIER`. The verb creates the companies, their keys, the roster, the open queues and the line, unless they exist.
 * It writes the settings for the other verbs into the file, and prints their names but not the keys.
 */
export async function bootstrap(carrier: string, options: BootstrapOptions): Promise<number> {
  const { vendor, envFile, json } = options;
  if (options.mail === undefined && options.webhook === undefined)
    throw new UsageFault("The first person needs --mail or --webhook, so that Crossline can page them.");
  const before = Object.keys(readEnvFile(envFile));
  const steps: Step[] = [];
  const report = (step: Step): void => {
    steps.push(step);
    if (json !== true) say(`${step.what}: ${step.made ? "made" : "existed"}`);
  };
  const line = lineOf(carrier, options); // A fault of the file stops the verb before it changes anything.
  const run = await beginRun(options, report);
  const ofCarrier = await ensureCompany(run, { party: carrier, kind: "carrier", variable: "CROSSLINE_KEY" });
  const person = personIdOf(options.person);
  await ensureRoster(ofCarrier, run, rosterOf(person, options));
  if (vendor !== undefined) {
    const ofVendor = await ensureCompany(run, { party: vendor, kind: "vendor", variable: "CROSSLINE_VENDOR_KEY" });
    await openQueues(ofVendor, run, { carrier, queues: queuesOf(line, vendor) });
  }
  await ensureLine(ofCarrier, run, line);
  saveSettings(run, { CROSSLINE_URL: run.url, CROSSLINE_PERSON: person });
  const written = Object.keys(readEnvFile(envFile)).filter((name) => !before.includes(name));
  const { path } = await requestLink(ofCarrier, { person, roles: ["lead"] });
  const signIn = `${run.url}${path}`;
  if (json === true) printJson({ url: run.url, carrier, vendor, line: line.line, envFile, written, steps, signIn });
  else printNext(envFile, written, `${options.person} signs in by this link, once and within ten minutes: ${signIn}`);
  return 0;
}

async function beginRun(options: BootstrapOptions, report: BootstrapRun["report"]): Promise<BootstrapRun> {
  const { envFile, force = false } = options;
  const url = await findAddress(options);
  for (const key of secretsOf("OPERATOR_KEY", envFile)) {
    const operator = createClient(url, key);
    if (await isAccepted(operator.get("/v1/parties?limit=1"))) return { url, operator, envFile, force, report };
  }
  throw new KeyFault(`Set OPERATOR_KEY to the operator's key of the Crossline at ${url}.`);
}

function lineOf(carrier: string, { line, template, vendor }: BootstrapOptions): BootstrapLine {
  const roster = `roster:${carrier}.${rosterName}`;
  return line === undefined ? lineFromTemplate(template, { carrier, vendor, roster }) : lineFromFile(line);
}

function queuesOf({ crossing = [] }: BootstrapLine, vendor: string): string[] {
  const names = crossing.map(({ to }) => to.replace(/^queue:/, "")).filter((to) => to.startsWith(`${vendor}.`));
  return [...new Set(names)];
}

/** Returns an id for a person's name: `Ada Lovett` gets `ada-lovett`. */
function personIdOf(name: string): string {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-");
  return plain.replaceAll(/^-+|-+$/g, "").slice(0, 64) || "first";
}

function rosterOf(id: string, { person, mail, webhook, zone }: BootstrapOptions): object {
  return {
    roster: rosterName,
    people: [{ id, name: person, ...(mail !== undefined && { mail }), ...(webhook !== undefined && { url: webhook }) }],
    rotation: [{ turn: "weekly", handover: "09:00", zone, start: "2026-01-05", order: [id] }],
    emergency: true,
  };
}

async function ensureRoster(client: Client, { report }: BootstrapRun, roster: object): Promise<void> {
  const made = await createUnlessThere(client.post("/v1/rosters", roster));
  report({ what: `roster ${rosterName}`, made });
}

type ListedQueue = { readonly queue: string; readonly open?: { readonly carriers?: readonly string[] } };

/** Opens the vendor's queues to the carrier. A queue that is open to other carriers stays open to them. */
async function openQueues(
  client: Client,
  { report }: BootstrapRun,
  { carrier, queues }: { readonly carrier: string; readonly queues: readonly string[] },
): Promise<void> {
  const { items } = await client.get<{ items: readonly ListedQueue[] }>("/v1/queues");
  for (const queue of queues) {
    const open = items.find((item) => item.queue === queue)?.open;
    const made = open === undefined || open.carriers?.includes(carrier) === false;
    if (made) await client.put(`/v1/queues/${queue}`, { carriers: [...(open?.carriers ?? []), carrier] });
    report({ what: `queue ${queue}, open to ${carrier}`, made });
  }
}

async function ensureLine(client: Client, { report }: BootstrapRun, line: BootstrapLine): Promise<void> {
  report({ what: `line ${line.line}`, made: await createUnlessThere(client.post("/v1/lines", line)) });
  const { line: chosen } = await client.get<{ line: { carrier: string; name: string } }>("/v1/lines/default");
  const made = chosen.carrier === "builtin";
  if (made) await client.put("/v1/lines/default", { name: line.line });
  report({ what: `default line ${made ? line.line : chosen.name}`, made });
}

/** Writes settings that the file does not have yet. With `force`, also replaces their values. */
function saveSettings({ envFile, force }: BootstrapRun, values: Readonly<Record<string, string>>): void {
  const saved = readEnvFile(envFile);
  const missing = Object.entries(values).filter(([name]) => force || saved[name] === undefined);
  if (missing.length > 0) writeEnvFile(envFile, Object.fromEntries(missing));
}

function printNext(envFile: string, written: readonly string[], signIn: string): void {
  print(
    written.length === 0
      ? `\n${envFile} had all settings.`
      : `\n${envFile} now has ${written.join(", ")}. Only your account can read the file.`,
  );
  print(signIn);
  print(`Open your first case: crossline case open --title "No signal after update" --live`);
}
