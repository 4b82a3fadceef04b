import { createAssertions } from "@crossline/access";
import { type Database } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { type Browser, browserWith, signIn } from "../browser.ts";
import type { Stage } from "../stage.ts";
import type { Company } from "./company.ts";
import type { WalkReader } from "./crawl.ts";

/** A caller of the walk. `party` is undefined for a caller that no service may answer. */
export type WalkCaller = { readonly name: string; readonly party: string | undefined; readonly reader: WalkReader };

const attemptsMax = 20;

/** Returns a function that sends GET requests with these headers. A service that is overloaded gets the request again. */
function readerWith(url: string, headers: Readonly<Record<string, string>>): WalkReader {
  const read: WalkReader = async (path) => {
    const response = await fetch(`${url}${path}`, { headers });
    return { status: response.status, headers: [...response.headers].join("\n"), body: await response.text() };
  };
  return async (path) => {
    let found = await read(path);
    for (let attempt = 1; (found.status === 503 || found.status === 429) && attempt < attemptsMax; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      found = await read(path);
    }
    return found;
  };
}

/** Returns a function that sends GET requests with a key. */
export function readerWithKey(url: string, key: string): WalkReader {
  return readerWith(url, { authorization: `Bearer ${key}` });
}

const readerOf = (url: string, { cookie }: Browser): WalkReader => readerWith(url, { cookie });

/** Returns each company with its key. */
export function keyCallers({ url }: Stage, companies: readonly Company[]): WalkCaller[] {
  return companies.map(({ party, key }) => ({ name: party, party, reader: readerWithKey(url, key) }));
}

/** Returns each company with the session of its lead. */
export async function sessionCallers(stage: Stage, companies: readonly Company[]): Promise<WalkCaller[]> {
  const callers = companies.map(async ({ party, client, isCarrier }) => {
    const lead = await signIn(stage, client, { person: "lead", roles: [isCarrier ? "lead" : "desk-lead"] });
    return { name: `the lead of ${party}`, party, reader: readerOf(stage.url, lead) };
  });
  return Promise.all(callers);
}

/**
 * Returns callers that no service may answer. They have no key, a wrong or an expired key, or a forged or an expired session. Two have an
 * assertion, which counts only between the services.
 */
export async function invalidCallers(
  stage: Stage,
  database: Pick<Database, "query">,
  { client, party, key: ownKey }: Company,
): Promise<WalkCaller[]> {
  const withKey = (key: string) => readerWithKey(stage.url, key);
  // On a busy machine, the request can arrive after the end of its key.
  const { key } = await waitFor(
    () => {
      const expiresAt = new Date(Date.now() + 1_500).toISOString();
      return client.post<{ key: string }>(`/v1/parties/${party}/keys`, { expiresAt });
    },
    { timeoutMs: 60_000 },
  );
  const expired = await signIn(stage, client, { person: "old", roles: ["lead"] });
  await database.query({
    text: "update session set expires_at = clock_timestamp() where party = $1 and person = 'old'",
    values: [party],
  });
  const oldSession = readerOf(stage.url, expired);
  for (const reader of [withKey(key), oldSession])
    await waitFor(async () => (await reader("/v1/me")).status === 401 || undefined, { timeoutMs: 60_000 });
  const session = { id: `ses_${"0".repeat(26)}`, person: "lead", roles: ["lead" as const], seal: "seal" };
  const holder = { party, kind: "carrier" as const, scopes: [], keyId: session.id, session };
  const readers: readonly (readonly [name: string, reader: WalkReader])[] = [
    ["a caller without a key", readerWith(stage.url, {})],
    ["a wrong key", withKey(`xl_${party}_${"0".repeat(43)}`)],
    ["a key with a wrong end", withKey(`${ownKey.slice(0, -1)}${ownKey.endsWith("A") ? "B" : "A"}`)],
    ["an expired key", withKey(key)],
    ["a forged session", readerOf(stage.url, browserWith(stage.url, `__Host-crossline=${"A".repeat(43)}`))],
    ["an expired session", oldSession],
    ["a forged assertion", withKey(await createAssertions("a-key-that-no-service-has").sign(holder))],
    ["a stolen assertion", withKey(await createAssertions(stage.internalKey).sign(holder))],
  ];
  return readers.map(([name, reader]) => ({ name, party: undefined, reader }));
}
