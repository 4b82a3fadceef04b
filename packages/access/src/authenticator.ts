import { setTimeout as delay } from "node:timers/promises";
import type { Instant } from "@crossline/contracts";
import type { Database } from "@crossline/postgres";
import { type Assertions, looksLikeAssertion } from "./assertion.ts";
import { hashKey, looksLikeKey } from "./key.ts";
import { findByKeyHash } from "./store.ts";
import type { KeyHolder } from "./store.ts";

/** The options of `createAuthenticator`. */
export type AuthenticatorOptions = {
  /**
   * The time for which the authenticator accepts a cached key. A deleted key works until `keepMs` has passed. Default
   * and maximum: 5 s.
   */
  readonly keepMs?: number;
  /**
   * The time for which a request with an unknown key waits, because the record of the key may still arrive. Default: 2
   * s.
   */
  readonly waitMs?: number;
  /**
   * The maximum number of unknown keys that wait at once. If more unknown keys arrive, the authenticator refuses them
   * after one query. Default: 32.
   */
  readonly waitersMax?: number;
  /**
   * True only in intake: the authenticator accepts the operator's API key. The other services accept the operator only by an assertion.
   * Default: false.
   */
  readonly checksOperator?: boolean;
  /** Verifies assertions. Without this field, the authenticator refuses each assertion. */
  readonly assertions?: Pick<Assertions, "verify"> | undefined;
};

/** The result for a key that has expired. It names no party, so no code can mistake it for a holder. */
export type ExpiredKey = { readonly expiredAt: Instant };

/** See `createAuthenticator`. */
export type Authenticator = {
  (key: string): Promise<KeyHolder | ExpiredKey | undefined>;
  /** Returns the party of a cached key, without a query. Undefined means only that the key is not cached. */
  findCached(key: string): KeyHolder | undefined;
  /**
   * Returns the cached API keys that were used after an instant of `performance.now()`. `agoMs` is the time since the
   * last use.
   */
  usedSince(instant: number): { readonly keyId: string; readonly agoMs: number }[];
};

// The authenticator refreshes a key early, so that even a database that takes seconds responds while the key is still
// cached. Under overload, a refresh after half of `keepMs` was too late. Requests that intake should have refused at
// once then waited for the database.
const refreshFrom = 0.2;
const keysMax = 10_000;
const refusedMax = 1_000;
const refusedForMs = 30_000;
const firstPauseMs = 25;
const longestPauseMs = 200;

type CachedKey = {
  readonly holder: KeyHolder;
  readonly since: number;
  /** The instant of `performance.now()` at which the key expires. */
  readonly expiresAt: number;
  usedAt: number;
};

/**
 * Returns the function that finds the party of an API key. The function returns undefined for an unknown key, and an
 * `ExpiredKey` from the instant on at which the key expires by Postgres' clock. A key in use
 * costs no round trip. The authenticator caches the key for `keepMs`, and refreshes it in the background after a fifth
 * of that time. For an unknown key the authenticator polls for up to `waitMs`. During the next 30 s, the authenticator
 * refuses the same unknown key after one query. Throws the error of the database if a necessary query fails.
 */
export function createAuthenticator(database: Database, options: AuthenticatorOptions = {}): Authenticator {
  const { keepMs = 5_000, waitMs = 2_000, waitersMax = 32, assertions, checksOperator = false } = options;
  // The keys of this map are plain API keys, which are in memory anyway during a request. A hash of the key for every
  // request took 2 % of intake's CPU.
  const cached = new Map<string, CachedKey>();
  const refused = new Map<string, number>();
  const searches = new Map<string, Promise<KeyHolder | ExpiredKey | undefined>>();
  let waiters = 0;

  async function query(key: string): Promise<KeyHolder | ExpiredKey | undefined> {
    const entry = await (looksLikeAssertion(key)
      ? verifyAssertion(assertions, key)
      : readKey(database, key, checksOperator));
    const usedAt = cached.get(key)?.usedAt ?? -Infinity;
    cached.delete(key);
    if (entry === undefined || "expiredAt" in entry) return entry;
    remember(cached, key, { ...entry, usedAt }, keysMax);
    return entry.holder;
  }

  async function queryUntilFound(key: string): Promise<KeyHolder | ExpiredKey | undefined> {
    const hash = hashKey(key);
    const first = await query(key);
    const isRefused = (refused.get(hash) ?? -Infinity) > performance.now();
    if (first !== undefined || isRefused || waiters >= waitersMax) return first;
    waiters += 1;
    try {
      const until = performance.now() + waitMs;
      for (let pauseMs = firstPauseMs; performance.now() < until; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        await delay(Math.min(pauseMs, until - performance.now()));
        const holder = await query(key);
        if (holder !== undefined) return holder;
      }
    } finally {
      waiters -= 1;
    }
    remember(refused, hash, performance.now() + refusedForMs, refusedMax);
    return undefined;
  }

  /** Requests with the same key share one search, so a client with a wrong key takes only one place of `waitersMax`. */
  function search(key: string, find: typeof query): Promise<KeyHolder | ExpiredKey | undefined> {
    const running = searches.get(key);
    if (running !== undefined) return running;
    const started = find(key).finally(() => searches.delete(key));
    searches.set(key, started);
    return started;
  }

  function findCached(key: string): KeyHolder | undefined {
    const entry = cached.get(key);
    if (entry === undefined) return undefined;
    const now = performance.now();
    const ageMs = now - entry.since;
    if (ageMs >= keepMs || now >= entry.expiresAt) return undefined;
    entry.usedAt = now;
    // Ignores a fault of the background query. If the fault persists, the next query after the end of `keepMs` throws
    // the fault.
    if (ageMs >= keepMs * refreshFrom) void search(key, query).catch(() => undefined);
    return entry.holder;
  }

  const authenticate = async (key: string): Promise<KeyHolder | ExpiredKey | undefined> => {
    const holder = findCached(key);
    if (holder !== undefined) return holder;
    const isAssertion = looksLikeAssertion(key);
    if (!isAssertion && !looksLikeKey(key)) return undefined;
    const foundHolder = await search(key, isAssertion ? query : queryUntilFound);
    const entry = cached.get(key);
    if (entry !== undefined) entry.usedAt = performance.now();
    return foundHolder;
  };

  function usedSince(instant: number): { keyId: string; agoMs: number }[] {
    const now = performance.now();
    return [...cached.values()]
      .filter(({ holder, usedAt }) => holder.session === undefined && usedAt > instant)
      .map(({ holder, usedAt }) => ({ keyId: holder.keyId, agoMs: now - usedAt }));
  }

  return Object.assign(authenticate, { findCached, usedSince });
}

type FoundEntry = Omit<CachedKey, "usedAt">;

/** Reads the holder of an API key from the database. */
async function readKey(
  database: Database,
  key: string,
  checksOperator: boolean,
): Promise<FoundEntry | ExpiredKey | undefined> {
  // Postgres reads its clock after this instant, so the cache never keeps a key beyond its expiry.
  const askedAt = performance.now();
  const found = await findByKeyHash(database, hashKey(key));
  if (found === undefined || (found.holder.kind === "operator" && !checksOperator)) return undefined;
  const { holder, expiresAt, leftMs } = found;
  if (expiresAt !== null && leftMs !== null && leftMs <= 0) return { expiredAt: expiresAt };
  return { holder, since: performance.now(), expiresAt: askedAt + (leftMs ?? Infinity) };
}

async function verifyAssertion(
  assertions: AuthenticatorOptions["assertions"],
  assertion: string,
): Promise<FoundEntry | undefined> {
  const verified = await assertions?.verify(assertion);
  if (verified === undefined) return undefined;
  const since = performance.now();
  return { holder: verified.holder, since, expiresAt: since + verified.expiresAtSeconds * 1000 - Date.now() };
}

/** Adds an entry, and removes the oldest entry if the map is full. */
function remember<T>(map: Map<string, T>, name: string, value: T, max: number): void {
  map.delete(name);
  map.set(name, value);
  if (map.size <= max) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
