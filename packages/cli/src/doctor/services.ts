import { type Ports, type ServiceName, serviceNames } from "../services.ts";
import { type CheckResult, fault, ok, warning } from "./check-result.ts";

const responseMs = 5_000;

/** A service and its address. Only intake has an address that other machines can reach. */
type Address = { readonly name: ServiceName; readonly url: string };

/** Returns the addresses of all services of a local Crossline, or of intake alone for another machine. */
export function addressesOf(url: string, ports: Ports): readonly Address[] {
  const isLocal = ["127.0.0.1", "localhost", "[::1]"].includes(new URL(url).hostname);
  const names = isLocal ? serviceNames : (["intake"] as const);
  return names.map((name) => {
    const address = new URL("/", url);
    if (name !== "intake") address.port = String(ports[name]);
    return { name, url: address.href };
  });
}

type Health = { readonly isReachable: boolean; readonly result: CheckResult };

/**
 * Checks that each service is ready. If only intake responds, the other services have addresses inside their own network,
 * so one warning replaces their faults.
 */
export async function checkServices(addresses: readonly Address[]): Promise<CheckResult[]> {
  const checked = await Promise.all(addresses.map(async (address) => ({ address, health: await readHealth(address) })));
  const inside = checked.filter(({ address, health }) => address.name !== "intake" && !health.isReachable);
  const isIntakeReachable = checked.some(({ address, health }) => address.name === "intake" && health.isReachable);
  const areHidden = isIntakeReachable && inside.length > 1 && inside.length === checked.length - 1;
  const shown = checked.filter((one) => !areHidden || !inside.includes(one)).map(({ health }) => health.result);
  if (!areHidden) return shown;
  const names = inside.map(({ address }) => address.name).join(", ");
  const remedy = "`docker compose ps` shows the containers that have no address outside their network";
  return [...shown, warning("other services", `${names} cannot be reached from here`, remedy)];
}

async function readHealth({ name, url }: Address): Promise<Health> {
  const remedy = `read .crossline/logs/${name}.log, or \`docker compose logs ${name}\``;
  const signal = AbortSignal.timeout(responseMs);
  const response = await fetch(new URL("/health/ready", url), { signal }).catch(() => undefined);
  if (response === undefined) {
    const start = "run `npx -y pnpm start` or `docker compose up --wait`";
    return { isReachable: false, result: fault(name, `does not respond at ${url}`, `${start}; ${remedy}`) };
  }
  const body = (await response.json().catch(() => ({}))) as { checks?: object; detail?: string };
  if (body.checks === undefined)
    return {
      isReachable: true,
      result: fault(name, `another program responds at ${url}`, "name the port with --port"),
    };
  if (response.ok) return { isReachable: true, result: ok(name, `ready at ${url}`) };
  return { isReachable: true, result: fault(name, `is not ready: ${body.detail ?? response.status}`, remedy) };
}
