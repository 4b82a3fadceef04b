import { connect } from "@crossline/postgres";
import { freshDatabase, uniquePrefix, waitFor } from "@crossline/testing";
import { expect, test } from "vitest";

test("every database is new, no service can enter the schema of another service, and a database in use can be dropped", async () => {
  const [one, two] = await Promise.all([freshDatabase("intake", "timer"), freshDatabase("timer", "intake")]);
  expect(one.url).not.toBe(two.url);
  const database = connect(one.options("intake"));
  await database.query({ text: "create table only_here ()" });
  const other = connect(two.options("timer"));
  const schemas = await other.query({
    text: "select nspname as name from pg_namespace where nspname in ('intake', 'timer', 'routing') order by 1",
  });
  expect(schemas).toEqual([{ name: "intake" }, { name: "timer" }]);
  await expect(other.query({ text: "select from intake.only_here" })).rejects.toThrow("permission denied");
  await Promise.all([one.drop(), two.drop()]);
  await expect(database.query({ text: "select 1" })).rejects.toThrow(/terminat|does not exist/);
  await Promise.all([database.close(), other.close()]);
});

test("`uniquePrefix` returns a new prefix at each call", () => {
  expect(uniquePrefix()).not.toBe(uniquePrefix());
});

test("`waitFor` returns the result of the condition, or throws an error that names the last result", async () => {
  let count = 0;
  expect(await waitFor(() => ++count === 3 && "three")).toBe("three");
  const never = waitFor(() => Promise.resolve(0), { timeoutMs: 20, what: "a first record" });
  await expect(never).rejects.toThrow("not within 20 ms: a first record; last result: 0");
  const failing = waitFor(() => Promise.reject(new Error("no such table")), { timeoutMs: 20 });
  await expect(failing).rejects.toThrow("no such table");
});
