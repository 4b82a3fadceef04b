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

const atOnce = 30;
const candidatesMax = 200;
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
        .filter((one: Parameter) => one.in === "path" || one.required === true || one.name === "date"),
    }));
}

/**
 * Reads every operation as one company, with every value that earlier responses contained. Returns the addresses with status 200 for each
 * operation, and the responses.
 */
export async function crawl(
  operations: readonly ReadOperation[],
  { party, unlisted }: { readonly party: string; readonly unlisted: readonly string[] },
  reader: WalkReader,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const values = new Set<string>(unlisted);
  const known = new Map<string, string[]>(operations.map(({ path }) => [path, []]));
  const tried = new Set<string>();
  // A list names the things that the next round reads.
  for (let round = 0; round < 3; round += 1) {
    const open = operations.flatMap((operation) =>
      addressesOf(operation, party, [...values])
        .filter((address) => !tried.has(address))
        .map((address) => ({ operation, address })),
    );
    await inParallel(open, async ({ operation, address }) => {
      tried.add(address);
      const { status, body } = await reader(address);
      if (status !== 200) return;
      known.get(operation.path)?.push(address);
      for (const value of valuesIn(body)) values.add(value);
    });
  }
  return known;
}

/** Runs `work` on all items, thirty at a time, because a request about a case of another company waits for up to 2 s. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
    }),
  );
}

function addressesOf({ path, parameters }: ReadOperation, party: string, values: readonly string[]): string[] {
  let addresses = [path];
  for (const parameter of parameters) {
    const possible = candidates(parameter, party, values).map(encodeURIComponent);
    addresses = addresses.flatMap((address) =>
      possible.map((value) =>
        parameter.in === "path"
          ? address.replace(`{${parameter.name}}`, value)
          : `${address}${address.includes("?") ? "&" : "?"}${parameter.name}=${value}`,
      ),
    );
  }
  return addresses.slice(0, 10 * candidatesMax);
}

function candidates({ name, schema }: Parameter, party: string, values: readonly string[]): readonly string[] {
  if (name === "party") return [party];
  const fixed = fixedValues[name] ?? schema.enum;
  if (fixed !== undefined) return fixed;
  const form = schema.pattern === undefined ? undefined : new RegExp(schema.pattern, "u");
  const isId = (value: string): boolean => /^[a-z]{2,3}_[0-9a-z]{26}$/.test(value);
  const fits = (value: string): boolean => form?.test(value) ?? (!/id$/i.test(name) || isId(value));
  return values.filter(fits).slice(0, candidatesMax);
}

/** Returns the ids and names in the body of a response. */
function valuesIn(body: string): readonly string[] {
  const values: string[] = [];
  // A response is JSON or, for an export, a list of JSON rows.
  for (const row of body.split("\n").filter((text) => text.startsWith("{") || text.startsWith("[")))
    JSON.parse(row, (_key, value: unknown) => {
      if (typeof value === "string" && /^\S{1,64}$/.test(value)) values.push(value);
      return value;
    });
  return values;
}
