import { waitFor } from "@crossline/testing";
import type { Stage } from "../stage.ts";
import type { SendRequest, Caller, Cast } from "./scene.ts";
import type { Company, LineName } from "./states.ts";

const kinds = {
  northtel: "carrier",
  southtel: "carrier",
  orchard: "vendor",
  quill: "vendor",
  westvend: "vendor",
} as const satisfies Record<Company, string>;
const companies = Object.keys(kinds) as readonly Company[];

/** Registers the companies of the rights test, with the lines and rosters that the states of the test need. */
export async function openCast(stage: Stage, operatorKey: string): Promise<Cast> {
  const parties = await Promise.all(companies.map((name) => stage.party(name, kinds[name])));
  const keys: Partial<Record<Caller, string>> = { operator: operatorKey };
  for (const [index, name] of companies.entries()) keys[name] = parties[index]?.key ?? "";
  const names = Object.fromEntries(companies.map((name, index) => [name, parties[index]?.party ?? ""]));
  const cast: Cast = { names: names as Cast["names"], as: (caller) => createSender(stage.url, keys[caller]) };
  for (const company of ["northtel", "westvend"] as const)
    await waitFor(async () => (await cast.as(company)("POST", "/v1/rosters", roster)).status === 201, {
      timeoutMs: 10_000,
    });
  for (const line of linesOf(cast.names)) {
    const { status, body } = await cast.as("northtel")("POST", "/v1/lines", line);
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
  return cast;
}

const roster = {
  roster: "duty",
  people: [{ id: "ada", name: "Ada", mail: "ada@example.com" }],
  rotation: [{ turn: "daily", handover: "09:00", zone: "America/Toronto", start: "2026-03-06", order: ["ada"] }],
};

function linesOf({ northtel, orchard, quill, westvend }: Cast["names"]): readonly object[] {
  const queues = [
    { to: `queue:${orchard}.handheld`, mode: "ticket", acceptWithin: "PT2H" },
    { to: `queue:${quill}.care`, mode: "ticket", acceptWithin: "PT2H" },
  ];
  const line = (name: LineName | "spare", more: object): object => ({
    line: name,
    calendar: "24x7",
    clocks: [{ kind: "resolution", target: "P30D" }],
    crossing: queues,
    lastResort: ["https://duty.example/"],
    ...more,
  });
  const paged = (party: string): object => ({ crossing: [{ to: `roster:${party}.duty`, acceptWithin: "PT2H" }] });
  return [
    line("two-queues", {}),
    line("soon-joint", { returns: { jointAfter: 1 } }),
    line("own-roster", paged(northtel)),
    line("foreign-roster", paged(westvend)),
    line("spare", {}),
  ];
}

/**
 * Returns a function that sends requests and returns any response as a value. A response without JSON has an empty
 * body.
 */
function createSender(url: string, key: string | undefined): SendRequest {
  return async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(method === "POST" && { "idempotency-key": crypto.randomUUID() }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") === true;
    const json: any = isJson ? JSON.parse(text) : {};
    return { status: response.status, code: response.ok ? "2xx" : (json.code ?? "no code"), body: json };
  };
}
