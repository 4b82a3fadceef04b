import { type EventData, type ReceivedMessage, topics } from "@crossline/contracts";
import { connect } from "@crossline/postgres";
import type { Database } from "@crossline/postgres";
import { freshDatabase } from "@crossline/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { applyParties, findByKeyHash, findParty, hashKey, lockParty, generateKey, saveParties } from "../src/index.ts";
import { recorded } from "./records.ts";

let database: Database;
let fresh: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  fresh = await freshDatabase("callers");
  database = connect(fresh.options("callers"));
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});
beforeEach(() => database.query({ text: "truncate party, party_key" }));

const [one, two, three] = [generateKey("northtel"), generateKey("northtel"), generateKey("orchard")];

function apply(...events: ReturnType<typeof recorded>[]): Promise<void> {
  return database.transaction((tx) => applyParties(tx, events));
}

test("a service saves the first installation id with the parties, and ignores a later id", async () => {
  const installed = (installation: string): ReceivedMessage => ({
    ...recorded("installation", 1, []),
    type: "installation.recorded",
    data: { installation },
  });
  await apply(installed("ins_1"), recorded("northtel", 1, [one.hash]));
  await apply(installed("ins_2"));
  expect(await database.query({ text: "select id from installation" })).toEqual([{ id: "ins_1" }]);
  expect(await findParty(database, "northtel")).toMatchObject({ sequence: 1 });
  expect(await findParty(database, "installation")).toBeUndefined();
});

test("a service finds a saved party by its id and by its keys", async () => {
  await apply(recorded("northtel", 1, [one.hash, two.hash]), recorded("orchard", 1, [three.hash], { kind: "vendor" }));
  expect(await findParty(database, "orchard")).toEqual({
    party: "orchard",
    kind: "vendor",
    name: "orchard",
    country: null,
    sequence: 1,
  });
  expect(await findParty(database, "nobody")).toBeUndefined();
  expect(await findByKeyHash(database, two.hash)).toEqual({
    holder: { party: "northtel", kind: "carrier", keyId: "key_northtel_2" },
    expiresAt: null,
    leftMs: null,
  });
  expect(await findByKeyHash(database, hashKey("xl_northtel_x"))).toBeUndefined();
});

test("a newer record replaces name, country and keys, even if it has no keys", async () => {
  await apply(recorded("northtel", 1, [one.hash], { country: "US" }), recorded("orchard", 1, [three.hash]));
  await apply(recorded("northtel", 2, [two.hash], { name: "Northtel", country: "CA" }));
  expect(await findParty(database, "northtel")).toMatchObject({ country: "CA" });
  expect(await findByKeyHash(database, one.hash)).toBeUndefined();
  expect(await findByKeyHash(database, two.hash)).toMatchObject({ holder: { party: "northtel" } });
  expect(await findByKeyHash(database, three.hash)).toMatchObject({ holder: { party: "orchard" } });
  expect(await findParty(database, "northtel")).toMatchObject({ name: "Northtel", sequence: 2 });
  await apply(recorded("northtel", 3, []));
  expect(await findByKeyHash(database, two.hash)).toBeUndefined();
});

test("an older or repeated record changes nothing, and of a batch only the newest record counts", async () => {
  await apply(recorded("northtel", 3, [two.hash]), recorded("northtel", 2, [one.hash]));
  await apply(recorded("northtel", 3, [one.hash]), recorded("northtel", 1, [one.hash]));
  expect(await findByKeyHash(database, one.hash)).toBeUndefined();
  expect(await findByKeyHash(database, two.hash)).toMatchObject({ holder: { party: "northtel" } });
});

test("a service skips records of other topics in the batch", async () => {
  await apply({ ...recorded("northtel", 1, [one.hash]), topic: topics.case, type: "case.opened", data: {} });
  expect(await findParty(database, "northtel")).toBeUndefined();
});

test("the owner locks a party with its keys, and only the first of two creations succeeds", async () => {
  await apply(recorded("northtel", 1, [one.hash]));
  const locked = await database.transaction((tx) => lockParty(tx, "northtel"));
  expect(locked).toEqual({
    party: "northtel",
    kind: "carrier",
    name: "northtel",
    country: null,
    sequence: 1,
    keys: [{ keyId: "key_northtel_1", hash: one.hash }],
  });
  expect(await lockParty(database, "nobody")).toBeUndefined();
  const data = { party: "quill", kind: "vendor" as const, name: "Quill", keys: [] };
  const made = await Promise.all(
    ["a", "b"].map(() => database.transaction((tx) => saveParties(tx, [{ data, sequence: 1, time: 0 }]))),
  );
  expect(made.toSorted((first, other) => first.length - other.length)).toEqual([[], ["quill"]]);
});

test("a transaction that waited for the lock reads the keys that the previous transaction saved", async () => {
  await apply(recorded("northtel", 1, []));
  const locked = Promise.withResolvers<void>();
  const waits = Promise.withResolvers<void>();
  const first = database.transaction(async (tx) => {
    await lockParty(tx, "northtel");
    locked.resolve();
    await waits.promise;
    const { data, sequence, time } = recorded("northtel", 2, [one.hash]);
    await saveParties(tx, [{ data: data as EventData<"party.recorded">, sequence, time }]);
  });
  await locked.promise;
  const second = database.transaction((tx) => lockParty(tx, "northtel"));
  await expect
    .poll(() =>
      database.query({
        text: "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
      }),
    )
    .toHaveLength(1);
  waits.resolve();
  await first;
  expect(await second).toMatchObject({ sequence: 2, keys: [{ hash: one.hash }] });
});

test("batches that name the same parties in opposite orders do not deadlock", async () => {
  const names = Array.from({ length: 50 }, (_, n) => `p${n}`);
  await Promise.all(
    Array.from({ length: 8 }, (_, round) => {
      const events = names.map((name) => recorded(name, round + 1, [hashKey(`${name}/${round}`)]));
      return apply(...(round % 2 === 0 ? events : events.toReversed()));
    }),
  );
  expect(await findParty(database, "p7")).toMatchObject({ sequence: 8 });
  expect(await findByKeyHash(database, hashKey("p7/7"))).toMatchObject({ holder: { party: "p7" } });
  expect(await findByKeyHash(database, hashKey("p7/6"))).toBeUndefined();
});

test("a service saves the scopes and the expiry of a key, and a newer record replaces them", async () => {
  const limited = (sequence: number, limits: object) =>
    recorded("northtel", sequence, [], { keys: [{ keyId: "key_1", hash: one.hash, ...limits }] });
  await apply(limited(1, { scopes: ["read", "cases"], expiresAt: "2099-01-01T00:00:00Z" }));
  expect(await findByKeyHash(database, one.hash)).toMatchObject({
    holder: { scopes: ["read", "cases"] },
    expiresAt: Date.UTC(2099, 0, 1),
  });
  const locked = await database.transaction((tx) => lockParty(tx, "northtel"));
  expect(locked?.keys).toEqual([
    { keyId: "key_1", hash: one.hash, scopes: ["read", "cases"], expiresAt: "2099-01-01T00:00:00Z" },
  ]);
  await apply(limited(2, {}));
  expect(await findByKeyHash(database, one.hash)).toEqual({
    holder: { party: "northtel", kind: "carrier", keyId: "key_1" },
    expiresAt: null,
    leftMs: null,
  });
});
