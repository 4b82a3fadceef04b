import type { ApiOptions } from "../arguments.ts";
import { chosenAddress } from "../connection.ts";
import { checkKeys } from "../doctor/api-keys.ts";
import { checkBacklog } from "../doctor/backlog.ts";
import type { CheckResult } from "../doctor/check-result.ts";
import { checkEnvFile, checkNodeVersion } from "../doctor/machine.ts";
import { checkKafkaRights } from "../doctor/kafka-rights.ts";
import { checkKafka, checkPostgres } from "../doctor/servers.ts";
import { addressesOf, checkServices } from "../doctor/services.ts";
import { print, printJson } from "../print.ts";
import { rememberedPort } from "../running.ts";
import { portsFrom } from "../services.ts";

/** Runs `doctor`. The verb prints one row for each check, and returns 1 if a check finds a fault. */
export async function runDoctor(options: ApiOptions): Promise<number> {
  const { port, json } = options;
  const url = addressOf(options);
  const addresses = addressesOf(url, portsFrom(port ?? portOf(url)));
  const checks: readonly (() => CheckResult | CheckResult[] | Promise<CheckResult | CheckResult[]>)[] = [
    checkNodeVersion,
    checkEnvFile,
    checkPostgres,
    checkKafka,
    () => checkKafkaRights(url),
    () => checkServices(addresses),
    () => checkKeys(url),
    () => checkBacklog(addresses),
  ];
  const results: CheckResult[] = [];
  for (const check of checks) {
    const found = [await check()].flat();
    results.push(...found);
    if (json !== true) found.forEach(printResult);
  }
  const isSound = results.every(({ state }) => state !== "fault");
  if (json === true) printJson({ ok: isSound, url, results });
  return isSound ? 0 : 1;
}

/** Returns the address to check. Unlike the other verbs, the doctor also examines a Crossline that does not respond. */
function addressOf(options: ApiOptions): string {
  return chosenAddress(options) ?? `http://127.0.0.1:${options.port ?? rememberedPort()}`;
}

function portOf(url: string): number {
  const { port, protocol } = new URL(url);
  return port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
}

function printResult({ check, state, found, remedy }: CheckResult): void {
  print(`${state.padEnd(7)}  ${check}: ${found}${remedy === undefined ? "" : `. To do: ${remedy}.`}`);
}
