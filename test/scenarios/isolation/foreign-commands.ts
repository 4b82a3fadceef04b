import type { Stage } from "../stage.ts";
import { type Company, type Recorder, type SentCommand, sendCommand } from "./company.ts";
import { type CrawledAddresses, inParallel } from "./crawl.ts";
import type { Markers } from "./markers.ts";

const id = /\b[a-z]{2,4}_[0-9a-z]{26}\b/;

/** An operation that is not a GET, with its path. */
type Operation = { readonly method: string; readonly path: string };

/** Returns the operations that change something and need a caller. */
async function writeOperations({ url }: Stage): Promise<Operation[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { security: readonly object[] }>>;
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method, { security }]) => method !== "get" && security.length > 0)
      .map(([method]) => ({ method: method.toUpperCase(), path })),
  );
}

/** The most commands that the walk repeats, for each operation and company. */
const repeatedMax = 6;
const guessedMax = 3;

/**
 * Returns the commands that a foreign company sends: commands that another company has sent, with the same body and the same idempotency
 * key. For an operation that no company has used, the command has an address that a company has read (`known`), and an empty body.
 */
export async function foreignCommands(
  stage: Stage,
  { commands }: Pick<Recorder, "commands">,
  known: ReadonlyMap<string, CrawledAddresses>,
): Promise<SentCommand[]> {
  const forms = (await writeOperations(stage)).map(({ method, path }) => {
    const form = new RegExp(`^${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
    return { method, path, used: commands.filter((one) => one.method === method && form.test(one.path)) };
  });
  const repeated = forms.flatMap(({ used }) =>
    [...Map.groupBy(used, ({ party }) => party).values()].flatMap((of) => of.slice(-repeatedMax)),
  );
  const guessed = forms
    .filter(({ path, used }) => path.includes("{") && used.length === 0)
    .flatMap(({ method, path }) =>
      [...known].flatMap(([party, byPath]) =>
        addressesFor(path, byPath).map((address) => {
          const body = method === "DELETE" ? undefined : {};
          return { party, method, path: address, body, idempotencyKey: crypto.randomUUID() };
        }),
      ),
    );
  return [...repeated, ...guessed];
}

/** Returns addresses of an operation below addresses that a company has read. A further id is an id of the response. */
function addressesFor(path: string, byPath: CrawledAddresses): readonly string[] {
  const parts = path.split("/");
  const above = parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
  const nearest = above.find((one) => one.includes("{") && (byPath.get(one)?.size ?? 0) > 0);
  if (nearest === undefined) return [];
  return [...(byPath.get(nearest) ?? [])].slice(0, guessedMax).map(([address, body]) => {
    const bare = address.split("?")[0] ?? "";
    const other = body.match(/\b[a-z]{2,4}_[0-9a-z]{26}\b/g)?.find((one) => !bare.includes(one)) ?? "x";
    return `${bare}${path.slice(nearest.length)}`.replaceAll(/\{\w+\}/g, other);
  });
}

/** The commands that a caller sends: about things of other companies, or those that it may send as its own commands. */
export type ForeignCommands = { readonly aboutOthers: readonly SentCommand[]; readonly asOwn: readonly SentCommand[] };

/** Divides the commands of other companies for one caller. */
export function divideForeign(
  { markers }: Pick<Recorder, "markers">,
  caller: string,
  commands: readonly SentCommand[],
): ForeignCommands {
  const others = commands.filter(({ party }) => party !== caller);
  const groups = Map.groupBy(others, (one) => isAboutOther(markers, caller, one));
  const [aboutOthers, rest] = [groups.get(true) ?? [], groups.get(false) ?? []];
  const isNamed = ({ body }: SentCommand) => markers.foreignIn(JSON.stringify(body ?? null), caller).length > 0;
  const hasForeignName = ({ path }: SentCommand) => markers.foreignIn(path, caller).length > 0;
  return {
    aboutOthers,
    // A company may send the text of another company as a text of its own. Such a command is not repeated.
    asOwn: rest.filter((one) => hasForeignName(one) || (!isNamed(one) && !id.test(one.path))),
  };
}

/** Returns true if the path has the id of another company's thing, or its name. A thing with another name belongs to the caller. */
function isAboutOther(markers: Markers, caller: string, { path, party }: SentCommand): boolean {
  return path.includes(party) || (id.test(path) && markers.foreignIn(path, caller).length > 0);
}

/**
 * Sends each command as a company that has no part in it. Returns each foreign text in a response that the caller did not
 * send. Also returns each fault of a service, and each accepted command about a thing of another company.
 */
export async function sendForeign(
  stage: Stage,
  { markers }: Pick<Recorder, "markers">,
  { party: caller, key }: Pick<Company, "party" | "key">,
  commands: readonly SentCommand[],
): Promise<readonly string[]> {
  const faults: string[] = [];
  await inParallel(commands, async (command) => {
    const { party, method, path, body } = command;
    const response = await sendCommand(stage.url, key, command);
    const content = `${[...response.headers].join("\n")}\n${await response.text()}`;
    const report = (fault: string) => faults.push(`${caller} ${fault} in the response to ${method} ${path}`);
    const what = markers.foreignIn(content, caller, `${path} ${JSON.stringify(body)}`);
    for (const one of what) report(`reads ${one}`);
    if (response.status >= 500) report(`gets ${response.status}`);
    if (isAboutOther(markers, caller, command) && response.status < 400)
      report(`gets ${response.status} for a thing of ${party}`);
  });
  return faults;
}
