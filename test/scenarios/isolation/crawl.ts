import type { Stage } from "../stage.ts";

/** A response with everything that its reader receives. */
type WalkResponse = { readonly status: number; readonly headers: string; readonly body: string };

/** Sends a GET request as one reader. */
export type WalkReader = (path: string) => Promise<WalkResponse>;

type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: { readonly pattern?: string; readonly enum?: readonly string[] };
};
/** A GET operation of the OpenAPI document that needs a caller. */
export type ReadOperation = { readonly path: string; readonly parameters: readonly Parameter[] };

/** The bodies of the responses with status 200, by address, for the path of each operation. */
export type CrawledAddresses = ReadonlyMap<string, ReadonlyMap<string, string>>;

const atOnce = 30;
const addressesMax = 400;
/** Values for the parameters that no response contains. */
const fixedValues: Readonly<Record<string, readonly string[]>> = {
  version: ["1"],
  country: ["CA"],
  year: ["2026"],
  q: ["signal"],
  date: ["2026-06-01T00:00:00Z"],
  from: ["2026-11-01T00:00:00Z"],
  to: ["2026-11-20T00:00:00Z"],
};

/** The optional parameters that name a timeline or a company. The walk reads each operation without them, and with every value. */
const optional: readonly string[] = ["timeline", "party", "carrier"];
const isOptional = ({ in: where, name }: Parameter): boolean => where === "query" && optional.includes(name);

/** Returns the GET operations that need a caller, so an operation that is added later is walked too. */
export async function readOperations({ url }: Pick<Stage, "url">): Promise<ReadOperation[]> {
  const document: any = await (await fetch(`${url}/openapi.json`)).json();
  const resolve = (part: any): any =>
    part?.$ref === undefined
      ? part
      : part.$ref
          .split("/")
          .slice(1)
          .reduce((at: any, name: string) => at[name], document);
  return Object.entries<any>(document.paths)
    .filter(([, { get }]) => get !== undefined && get.security.length > 0 && get.operationId !== "streamRows")
    .map(([path, { get }]) => ({
      path,
      parameters: (get.parameters ?? [])
        .map(resolve)
        .map((one: any) => ({ ...one, schema: resolve(one.schema) }))
        // A comparison of reports needs a date or a version.
        .filter(
          (one: Parameter) =>
            one.in === "path" || one.required === true || one.name === "date" || optional.includes(one.name),
        ),
    }));
}

/**
 * Reads every operation as one company, with the ids of the things that it created and every value that earlier responses contained.
 * Returns the addresses with status 200.
 */
export async function crawl(
  operations: readonly ReadOperation[],
  { party, created }: { readonly party: string; readonly created: readonly string[] },
  reader: WalkReader,
): Promise<CrawledAddresses> {
  const known = new Map<string, Map<string, string>>(operations.map(({ path }) => [path, new Map()]));
  const values: Values = { all: new Set(created), created, byPath: new Map() };
  const tried = new Set<string>();
  // A list names the things that the next round reads.
  for (let round = 0; round < 3; round += 1) {
    const open = operations.flatMap((operation) =>
      addressesOf(operation, party, values)
        .filter((address) => !tried.has(address))
        .map((address) => ({ operation, address })),
    );
    await inParallel(open, async ({ operation: { path }, address }) => {
      tried.add(address);
      const { status, body } = await reader(address);
      if (status !== 200) return;
      known.get(path)?.set(address, body);
      const ofPath = values.byPath.get(path) ?? new Set();
      values.byPath.set(path, ofPath);
      for (const { field, value } of valuesIn(body)) {
        values.all.add(value);
        ofPath.add(`${field} ${value}`);
      }
    });
  }
  return known;
}

/** The values in the responses so far. */
type Values = {
  readonly all: Set<string>;
  readonly created: readonly string[];
  /** The fields and values in the responses of each operation: `id cs_…`. */
  readonly byPath: Map<string, Set<string>>;
};

/** Runs `work` on all items, thirty at a time, because a request about a case of another company waits for up to 2 s. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

function addressesOf({ path, parameters }: ReadOperation, party: string, values: Values): string[] {
  const withEach = (addresses: readonly string[], parameter: Parameter): string[] => {
    const possible = candidates(parameter, party, sourcesOf(path, parameter, values)).map(encodeURIComponent);
    return addresses.flatMap((address) =>
      possible.map((value) =>
        parameter.in === "path"
          ? address.replace(`{${parameter.name}}`, value)
          : `${address}${address.includes("?") ? "&" : "?"}${parameter.name}=${value}`,
      ),
    );
  };
  const [free, needed] = [parameters.filter(isOptional), parameters.filter((one) => !isOptional(one))];
  const addresses = needed.reduce(withEach, [path]);
  return [...addresses, ...free.flatMap((parameter) => withEach(addresses, parameter))].slice(0, addressesMax);
}

/**
 * Returns the values that a parameter can have, the likely ones first. These are the fields of the nearest list that name a thing, the created
 * ids, and all values. `/v1/rosters/{name}` has the fields `name`, `id`, `roster` and `rosterId` of `/v1/rosters`.
 */
function sourcesOf(
  path: string,
  { name, in: where }: Parameter,
  { byPath, created, all }: Values,
): readonly (readonly string[])[] {
  const list = where === "path" ? path.slice(0, path.indexOf(`/{${name}}`)) : `/v1/${name}s`;
  const parts = list.split("/");
  const near = parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
  const nearest = near.find((one) => byPath.has(one)) ?? "";
  const noun = (nearest.split("/").at(-1) ?? "").replace(/ies$/, "y").replace(/s$/, "");
  const fields = [name, "id", "name", noun, `${noun}Id`];
  const named = [...(byPath.get(nearest) ?? [])].map((one) => one.split(" ", 2) as [string, string]);
  return [named.filter(([field]) => fields.includes(field)).map(([, value]) => value), created, [...all]];
}

function candidates(
  { name, schema }: Parameter,
  party: string,
  sources: readonly (readonly string[])[],
): readonly string[] {
  if (name === "party" || name === "carrier") return [party];
  const all = sources.at(-1) ?? [];
  if (name === "timeline") return all.filter((value) => /^(stp|imp)_[0-9a-z]{26}$/.test(value));
  const fixed = fixedValues[name] ?? schema.enum;
  if (fixed !== undefined) return fixed;
  const form = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u");
  // The form of an id fits no other value, so every id counts. The names of things come from the nearest list.
  if (schema.pattern !== undefined && /^\^[a-z]+_\[/.test(schema.pattern))
    return all.filter((value) => form?.test(value));
  const isId = (value: string): boolean => /^[a-z]{2,3}_[0-9a-z]{26}$/.test(value);
  const fits = (value: string): boolean => form?.test(value) ?? (!/id$/i.test(name) || isId(value));
  return sources.map((values) => values.filter(fits)).find(({ length }) => length > 0) ?? [];
}

/** Returns the ids and names in the body of a response. */
function valuesIn(body: string): readonly { readonly field: string; readonly value: string }[] {
  const values: { field: string; value: string }[] = [];
  // A response is JSON or, for an export, a list of JSON rows.
  for (const row of body.split("\n").filter((text) => text.startsWith("{") || text.startsWith("[")))
    JSON.parse(row, (field, value: unknown) => {
      if (typeof value === "string" && /^\S{1,64}$/.test(value)) values.push({ field, value });
      return value;
    });
  return values;
}
