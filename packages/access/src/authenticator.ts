import { setTimeout as delay } from "node:timers/promises";
import type { Database } from "@crossline/postgres";
import { hashKey, looksLikeKey } from "./key.ts";
import { findByKeyHash } from "./store.ts";
import type { KeyHolder } from "./store.ts";

export type AuthenticatorOptions = {
  /** How long a key is let in without asking again: a key that was taken back is refused after that. At most 5 s. */
  readonly keepMs?: number;
  /** How long an unknown key is waited for: its record may still be on its way here. */
  readonly waitMs?: number;
  /** How many unknown keys are waited for at a time; one more is refused at once. */
  readonly waitersMax?: number;
};

/** See `authenticator`. */
export type Authenticator = {
  (key: string): Promise<KeyHolder | undefined>;
  /** The same at once, where the key is kept; nothing says no more than that it has to be looked for. */
  kept(key: string): KeyHolder | undefined;
  /** The keys that were let in after an instant of `performance.now()` and are kept still, and how long ago that was. */
  usedSince(instant: number): { readonly keyId: string; readonly agoMs: number }[];
};

// Early, so that a database that takes seconds to answer still does so while the key is kept: from half of `keepMs` on was too
// late under overload, when all who were to be refused waited for it.
const lookAgainFrom = 0.2;
const keysMax = 10_000;
const refusedMax = 1_000;
const refusedForMs = 30_000;
const firstPauseMs = 25;
const longestPauseMs = 200;

/**
 * Makes the function that says whose API key this is, or nothing for a key that nobody has. A key in use costs no round trip:
 * it is kept for `keepMs` and looked up again in the background from a fifth of that on. A key that is not known here is
 * looked for again for up to `waitMs`, once: for a while after that it is refused after a single look.
 * Throws what the database throws when there is need to ask it.
 */
export function createAuthenticator(database: Database, options: AuthenticatorOptions = {}): Authenticator {
  const { keepMs = 5_000, waitMs = 2_000, waitersMax = 32 } = options;
  // By the key itself, which is in memory anyway while it is used: hashing it for every request was a fiftieth of intake's CPU.
  const kept = new Map<string, { readonly holder: KeyHolder; readonly since: number; usedAt: number }>();
  const refused = new Map<string, number>();
  const looking = new Map<string, Promise<KeyHolder | undefined>>();
  let waiters = 0;

  async function look(key: string): Promise<KeyHolder | undefined> {
    const holder = await findByKeyHash(database, hashKey(key));
    const usedAt = kept.get(key)?.usedAt ?? -Infinity;
    kept.delete(key);
    if (holder !== undefined) remember(kept, key, { holder, since: performance.now(), usedAt }, keysMax);
    return holder;
  }

  async function lookAgain(key: string): Promise<KeyHolder | undefined> {
    const hash = hashKey(key);
    const found = await look(key);
    const known = (refused.get(hash) ?? -Infinity) > performance.now();
    if (found !== undefined || known || waiters >= waitersMax) return found;
    waiters += 1;
    try {
      const until = performance.now() + waitMs;
      for (let pauseMs = firstPauseMs; performance.now() < until; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        await delay(Math.min(pauseMs, until - performance.now()));
        const holder = await look(key);
        if (holder !== undefined) return holder;
      }
    } finally {
      waiters -= 1;
    }
    remember(refused, hash, performance.now() + refusedForMs, refusedMax);
    return undefined;
  }

  /** Requests with one key share one search: a client with a wrong key cannot take all places of those who wait. */
  function search(key: string, how: typeof look): Promise<KeyHolder | undefined> {
    const present = looking.get(key);
    if (present !== undefined) return present;
    const found = how(key).finally(() => looking.delete(key));
    looking.set(key, found);
    return found;
  }

  function atOnce(key: string): KeyHolder | undefined {
    const entry = kept.get(key);
    if (entry === undefined) return undefined;
    const now = performance.now();
    const ageMs = now - entry.since;
    if (ageMs >= keepMs) return undefined;
    entry.usedAt = now;
    // What a background look meets is met again, and told, when the key is no longer kept.
    if (ageMs >= keepMs * lookAgainFrom) void search(key, look).catch(() => undefined);
    return entry.holder;
  }

  const authenticate = async (key: string): Promise<KeyHolder | undefined> => {
    const holder = atOnce(key);
    if (holder !== undefined) return holder;
    const found = looksLikeKey(key) ? await search(key, lookAgain) : undefined;
    const entry = kept.get(key);
    if (entry !== undefined) entry.usedAt = performance.now();
    return found;
  };
  function usedSince(instant: number): { keyId: string; agoMs: number }[] {
    const now = performance.now();
    return [...kept.values()]
      .filter(({ usedAt }) => usedAt > instant)
      .map(({ holder, usedAt }) => ({ keyId: holder.keyId, agoMs: now - usedAt }));
  }

  return Object.assign(authenticate, { kept: atOnce, usedSince });
}

/** The oldest goes when there are too many. */
function remember<T>(map: Map<string, T>, name: string, value: T, max: number): void {
  map.delete(name);
  map.set(name, value);
  if (map.size <= max) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
