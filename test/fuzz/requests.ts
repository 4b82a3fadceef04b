import type { JsonSchema, Operation } from "../openapi/document.ts";
import type { Random } from "../simulation/random.ts";
import { type Mutation, type WireRequest, mutations } from "./mutate.ts";
import { valueOf } from "./values.ts";
import type { Caller, World } from "./world.ts";

/* Generates valid requests from the OpenAPI document, and damages most of them with one or two mutations. */

export type FuzzRequest = {
  readonly operation: Operation;
  readonly caller: Caller;
  readonly request: WireRequest;
  /** The names of the mutations. */
  readonly damage: readonly string[];
};

export type Source = {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly world: World;
  readonly random: Random;
};

/**
 * Returns a caller that has the right to the operation. For a fifth of the requests, returns a random caller instead.
 */
function callerOf({ path, id }: Operation, random: Random): Caller {
  const usual: Caller = path.startsWith("/v1/parties")
    ? "operator"
    : path.startsWith("/v1/queues")
      ? "vendor"
      : "carrier";
  if (random.chance(0.2)) return random.pick(["carrier", "vendor", "operator", "nobody", "unknown"]);
  return id === "declineSeverity" ? "carrier" : usual;
}

export function nextRequest(source: Source): FuzzRequest {
  const { operations, random } = source;
  const operation = random.pick(operations);
  const caller = callerOf(operation, random);
  const request = soundRequest(source, operation, caller);
  const chosen: Mutation[] = [];
  if (random.chance(0.6)) chosen.push(random.pick(mutations));
  if (random.chance(0.2)) chosen.push(random.pick(mutations));
  for (const mutation of chosen) mutation.apply(request, random);
  return { operation, caller, request, damage: chosen.map(({ name }) => name) };
}

function soundRequest(source: Source, operation: Operation, caller: Caller): WireRequest {
  const { world, random } = source;
  const path = `${addressOf(source, operation)}${queryOf(source, operation)}`;
  const body = bodyOf(source, operation, path);
  const key = world.keys[caller];
  const isKeyed = operation.parameters.some(({ name }) => name === "Idempotency-Key");
  return {
    method: operation.method,
    path,
    headers: {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(isKeyed && { "idempotency-key": random.chance(0.95) ? `k-${world.count()}` : "same" }),
      ...(body !== undefined && { "content-type": operation.body?.media[0]?.type ?? "application/json" }),
    },
    body,
  };
}

/**
 * Returns the address with known values. If an address needs two values, for example a case and its hand-off, the two belong
 * together.
 */
function addressOf({ world, random }: Source, { path, id }: Operation): string {
  const room = path.split("/")[2] ?? "";
  const pair = ["handling", "promise", "handoff", "key"].find((name) => path.includes(`{${name}Id}`)) ?? "";
  const [first, second] = world.pick(`${pair} of`, random)?.split("/") ?? [];
  const { busy, free, history } = world.timelines;
  const timelines: Readonly<Record<string, string | undefined>> = {
    advanceTimeline: free,
    importHistory: history,
    endTimeline: world.pick("import", random),
  };
  const timeline = timelines[id] ?? random.pick([busy, free, "wall"]);
  const ids: Readonly<Record<string, string | undefined>> = {
    cases: first ?? world.pick("case", random),
    queues:
      (/^(?:resolve|return|transfer)/.test(id) ? world.pick("accepted", random) : undefined) ??
      world.pick("handoff", random),
    timelines: timeline,
    subscriptions: world.pick("subscription", random),
    deliveries: world.pick("delivery", random),
    rosters: world.pick("ring test", random),
    pools: world.pick("assignment", random),
    "skill-uploads": world.pick("skill upload", random),
  };
  const names: Readonly<Record<string, string>> = {
    pools: "ios",
    lines: "handheld-consumer",
    rosters: "duty",
    calendars: "office",
  };
  const party = first ?? random.pick([world.names.carrier, world.names.vendor]);
  const values: Readonly<Record<string, string | undefined>> = {
    id: ids[room],
    name: names[room],
    queue: `${world.names.vendor}.handheld`,
    version: random.pick(["1", "2", "99"]),
    person: random.pick(["rep-1", "rep-2"]),
    party: room === "calendars" ? world.names.carrier : party,
    [`${pair}Id`]: second,
  };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? `none-${random.below(100)}`);
}

function queryOf(source: Source, { parameters }: Operation): string {
  const { world, random, schemas } = source;
  const known: Readonly<Record<string, () => string | undefined>> = {
    timeline: () => world.timelines.busy,
    party: () => random.pick([world.names.carrier, world.names.vendor]),
    carrier: () => world.names.carrier,
    case: () => world.pick("case", random),
    line: () => "observed",
    country: () => "CA",
    year: () => "2026",
  };
  const chosen = parameters.filter(
    ({ in: place, required }) => place === "query" && (required === true || random.chance(0.3)),
  );
  const pairs = chosen.map(({ name, schema }) => {
    const value = known[name]?.() ?? String(valueOf(schema, schemas, random));
    return `${name}=${encodeURIComponent(value.toWellFormed())}`;
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/**
 * Returns the example body of the OpenAPI document, or a random value of the body's schema. The companies and ids in
 * the body are those of the world.
 */
function bodyOf(source: Source, { id, body }: Operation, address: string): string | undefined {
  const { world, random, schemas } = source;
  const [media] = body?.media ?? [];
  if (media === undefined) return undefined;
  const value = random.chance(0.6) ? media.examples["example"] : valueOf(media.schema, schemas, random);
  const isJson = media.type === "application/json";
  const text = isJson ? (JSON.stringify(value) ?? "null") : String(value);
  const named = text.replaceAll("northtel", world.names.carrier).replaceAll("orchard", world.names.vendor);
  return isJson ? fillIn(named, { id, address }, source) : named;
}

/** Replaces the values that an example cannot know: ids, versions and tokens. */
function fillIn(text: string, { id, address }: { id: string; address: string }, { world, random }: Source): string {
  const value = JSON.parse(text) as Record<string, unknown>;
  if (typeof value !== "object" || value === null) return text;
  const fill = (name: string, known: unknown): void => {
    if (name in value && known !== undefined) value[name] = known;
  };
  if ("carrierCaseId" in value) value["timeline"] = random.chance(0.9) ? world.timelines.busy : "wall";
  const made = (
    { publishLine: "line", publishRoster: "roster", publishCalendar: "calendar", createParty: "party" } as const
  )[id as "publishLine"];
  if (made !== undefined && random.chance(0.7)) fill(made, `f-${world.count()}`);
  if (id === "moveCase") fill("line", "handheld-consumer");
  fill("carrierCaseId", `F-${random.chance(0.9) ? world.count() + 1_000 : 1}`);
  fill("into", world.pick("case", random));
  const [, , , named = "", , handoff = ""] = address.split("/");
  const known = (name: string): number => {
    const latest = random.chance(0.8) ? world.latest(name) : undefined;
    return Number(latest ?? 1 + random.below(8));
  };
  fill("asOf", known(`version of ${named}`));
  fill("token", known(`token of ${handoff}`));
  fill("dossierVersion", known(`version of ${handoff}`));
  return JSON.stringify(value);
}
