import type { Operations } from "@crossline/contracts";
import type { ApiOptions } from "../arguments.ts";
import { createClient } from "../client.ts";
import { findAddress, secretsOf } from "../connection.ts";
import { KeyFault } from "../fault.ts";
import { print, printJson, printRows } from "../print.ts";

/** Runs `operations`. The verb prints the state of every service, and exits with 1 if a service is not ready. */
export async function showOperations(options: ApiOptions): Promise<number> {
  const [key] = secretsOf("OPERATOR_KEY");
  if (key === undefined) throw new KeyFault("Set OPERATOR_KEY to the key of the operator.");
  const operations = await createClient(await findAddress(options), key).get<Operations>("/v1/operations");
  const { services, gate } = operations;
  if (options.json === true) printJson(operations);
  else {
    printRows(services.map(toRow));
    for (const one of services) if (one.state === "reached") describe(one);
    if (gate.perSecond !== undefined) print(`intake admits ${gate.perSecond} commands per second`);
  }
  return services.every((one) => one.state === "reached" && one.ready) ? 0 : 1;
}

type Service = Operations["services"][number];

function toRow(one: Service) {
  if (one.state === "unreachable") return { service: one.service, state: "unreachable" };
  const { service, ready, lag, outbox, parked, deadLetters } = one;
  const state = ready ? "ready" : "not ready";
  return { service, state, lag, outbox: outbox.waiting, parked: parked.length, dead: deadLetters.length };
}

function describe(one: Extract<Service, { readonly state: "reached" }>): void {
  const { service, checks, lateness, findings, deliveries } = one;
  for (const [check, result] of Object.entries(checks))
    if (result !== "ok") print(`${service}: the check ${check} fails: ${result}`);
  if (lateness?.p99Ms !== undefined)
    print(`lateness of ${lateness.firings} firings in 24 hours: p50 ${lateness.p50Ms} ms, p99 ${lateness.p99Ms} ms`);
  for (const [kind, count] of Object.entries(findings ?? {})) if (count > 0) print(`${count} findings: ${kind}`);
  if (deliveries !== undefined && deliveries.abandoned > 0)
    print(`${deliveries.abandoned} deliveries were abandoned in 24 hours`);
}
