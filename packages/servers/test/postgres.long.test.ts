import { createServer } from "node:net";
import { startPostgres } from "@crossline/servers";
import { connect } from "@crossline/postgres";
import { describe, expect, onTestFinished, test } from "vitest";
import { waitForEnd, hold, makeFolder, parentOf } from "./place.ts";

const name = "test";

async function count(url: string, statement: string): Promise<unknown> {
  const database = connect({ url, schema: "public", applicationName: "test" });
  try {
    return (await database.query<{ count: number }>({ text: statement }))[0]?.count;
  } finally {
    await database.close();
  }
}

describe("the embedded PostgreSQL", () => {
  test("all processes that start the embedded PostgreSQL share one server, which stops after the last process and keeps its data and port", async () => {
    const folder = makeFolder();
    const [first, second] = await Promise.all([startPostgres({ name, folder }), startPostgres({ name, folder })]);
    expect(second.url).toBe(first.url);
    expect(first.adopted).not.toBe(second.adopted);
    await count(first.url, "create table kept as select 42 as count");
    await first.stop();
    await first.stop();
    expect(await count(second.url, "select count from kept")).toBe(42);
    await second.stop();
    await waitForEnd(first.pid);
    const third = await startPostgres({ name, folder });
    onTestFinished(() => third.stop());
    expect(third).toMatchObject({ adopted: false, url: first.url });
    expect(await count(third.url, "select count from kept")).toBe(42);
  });

  test("the embedded PostgreSQL stops when its starter is killed, unless another process has joined", async () => {
    const folder = makeFolder();
    const starter = await hold(["postgres", name, folder]);
    const joined = await startPostgres({ name, folder });
    expect(joined).toMatchObject({ pid: starter.pid, adopted: true });
    await starter.kill();
    expect(await count(joined.url, "select 1 as count")).toBe(1);
    await joined.stop();
    await waitForEnd(starter.pid);
    const alone = await hold(["postgres", name, folder]);
    await alone.kill();
    await waitForEnd(alone.pid);
  });

  test("the embedded PostgreSQL starts again after a kill of its supervisor or of the server", async () => {
    const folder = makeFolder();
    const starter = await hold(["postgres", name, folder]);
    const supervisor = parentOf(starter.pid ?? 0);
    process.kill(supervisor, "SIGKILL");
    await starter.kill();
    const second = await startPostgres({ name, folder });
    expect(second.pid).not.toBe(starter.pid);
    process.kill(second.pid, "SIGKILL");
    await waitForEnd(second.pid);
    const third = await startPostgres({ name, folder });
    onTestFinished(() => third.stop());
    expect(await count(third.url, "select 1 as count")).toBe(1);
    await second.stop();
    expect(await count(third.url, "select 1 as count")).toBe(1);
  });

  test("a taken port is reported in one sentence", async () => {
    const folder = makeFolder();
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await expect.poll(() => other.address()).not.toBeNull();
    const { port } = other.address() as { port: number };
    await expect(startPostgres({ name, folder, port })).rejects.toThrow(
      `Port ${port}, wanted for PostgreSQL, is in use by another program: stop that program or name another port.`,
    );
  });
});
