import { connect, isTransient } from "@crossline/postgres";
import { kafkaBrokers, privateKafka, privatePostgres, waitFor } from "@crossline/testing";
import { connect as connectTcp } from "node:net";
import { expect, onTestFinished, test } from "vitest";

test("a private PostgreSQL keeps its address after a stop, a kill and a pause", async () => {
  const postgres = await privatePostgres();
  onTestFinished(() => postgres.remove());
  const database = connect({ url: postgres.url, schema: "public", applicationName: "test" });
  onTestFinished(() => database.close());
  await database.query({ text: "create table kept (id int)" });
  const read = () => database.query({ text: "select id from kept" });
  for (const end of [postgres.stop, postgres.kill]) {
    await end();
    await expect(read()).rejects.toSatisfy(isTransient);
    await postgres.start();
    expect(await waitFor(read)).toEqual([]);
  }
  postgres.pause();
  let isRead = false;
  const late = read().then(() => (isRead = true));
  await expect(waitFor(() => isRead, { timeoutMs: 200 })).rejects.toThrow("not within 200 ms");
  postgres.resume();
  await late;
});

test("a private Kafka keeps its address after a stop and a kill", async ({ skip }) => {
  const kafka = await privateKafka();
  if (kafka === undefined) return skip("no Kafka");
  onTestFinished(() => kafka.remove());
  const address = kafka.brokers[0] ?? "";
  for (const end of [kafka.stop, kafka.kill]) {
    expect(await isOpen(address)).toBe(true);
    await end();
    expect(await isOpen(address)).toBe(false);
    await kafka.start();
  }
  expect(await isOpen(address)).toBe(true);
});

test("all callers get the same Kafka of the run", async ({ skip }) => {
  const [one, two] = await Promise.all([kafkaBrokers(), kafkaBrokers()]);
  if (one === undefined) return skip("no Kafka");
  expect(one).toEqual(two);
  expect(await isOpen(one[0] ?? "")).toBe(true);
});

function isOpen(address: string): Promise<boolean> {
  const [host = "", port] = address.split(":");
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port: Number(port) });
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
