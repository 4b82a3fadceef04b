import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readEnvFile } from "../env-file.ts";
import { CommandFault } from "../fault.ts";
import { print, printJson } from "../print.ts";

const example = ".env.example";

/**
 * Runs `bootstrap` without a carrier. The verb ensures that the file has every key and password of `docker compose`. It takes the rows of
 * `.env.example` beside the file, and generates each missing value. The verb changes no present value, and prints only names. Afterwards
 * only the owner can read the file. Returns the exit code.
 */
export function bootstrapEnv({ envFile, json }: { readonly envFile: string; readonly json?: boolean }): number {
  const template = join(dirname(envFile), example);
  if (!existsSync(template))
    throw new CommandFault(
      `There is no ${template}: run this in the folder of docker-compose.yml, or name a carrier for \`crossline bootstrap <carrier>\`.`,
    );
  const rows = readFileSync(template, "utf8");
  const present = readEnvFile(envFile);
  const names = [...rows.matchAll(/^(\w+)=$/gm)].map(([, name = ""]) => name);
  const missing = names.filter((name) => present[name] === undefined);
  const isNew = !existsSync(envFile);
  if (missing.length > 0) {
    const text = fillRows(isNew ? rows : readFileSync(envFile, "utf8"), missing);
    // A crash during a write to the file itself could lose the passwords of a running installation.
    const draft = `${envFile}.new`;
    writeFileSync(draft, text, { mode: 0o600, flag: "wx" });
    renameSync(draft, envFile);
  }
  chmodSync(envFile, 0o600);
  if (json === true) printJson({ envFile, made: missing });
  else print(describeResult(envFile, missing, isNew));
  return 0;
}

/** Returns the text with a generated value for each name: in its first row, or at the end. Later rows of the name disappear. */
function fillRows(text: string, names: readonly string[]): string {
  const open = new Set(names);
  const rows = text.split("\n").flatMap((row) => {
    const name = /^\s*(?:export\s+)?(\w+)\s*=/.exec(row)?.[1] ?? "";
    if (!names.includes(name)) return [row];
    return open.delete(name) ? [`${name}=${newSecret()}`] : [];
  });
  while (rows.at(-1) === "") rows.pop();
  return [...rows, ...[...open].map((name) => `${name}=${newSecret()}`), ""].join("\n");
}

/** Returns 192 random bits as hexadecimal digits, which are valid in URLs and in Kafka's settings. */
function newSecret(): string {
  return randomBytes(24).toString("hex");
}

function describeResult(envFile: string, made: readonly string[], isNew: boolean): string {
  if (made.length === 0) return `${envFile} had all keys and passwords.`;
  return [
    `${isNew ? "Made" : "Completed"} ${envFile} with new values for ${made.join(", ")}.`,
    "Only your account can read the file. Keep a copy in a safe place: Postgres and Kafka keep these passwords.",
  ].join("\n");
}
