import { connect, isTransient } from "@crossline/postgres";
import { kafkaBrokers, privateKafka, privatePostgres, waitFor } from "@crossline/testing";
import { connect as connectTcp } from "node:net";
import { expect, onTestFinished, test } from "vitest";

test("a Postgres of one's own comes back at its address after being stopped, killed and paused", async () => {
  const postgres = await privatePostgres();
  onTestFinished(() => postgres.remove());
  const database = connect({ url: postgres.url, schema: "public", applicationName: "test" });
  onTestFinished(() => database.close());
  await database.query({ text: "create table kept (id int)" });
  const read = () => database.query({ text: "select id from kept" });
  for (const harm of [postgres.stop, postgres.kill]) {
    await harm();
    await expect(read()).rejects.toSatisfy(isTransient);
    await postgres.start();
    expect(await waitFor(read)).toEqual([]);
  }
  postgres.pause();
  let answered = false;
  const late = read().then(() => (answered = true));
  await expect(waitFor(() => answered, { timeoutMs: 200 })).rejects.toThrow("not within 200 ms");
  postgres.resume();
  await late;
});

test("a Kafka of one's own comes back at its address after being stopped and killed", async ({ skip }) => {
  const kafka = await privateKafka();
  if (kafka === undefined) return skip("no Kafka");
  onTestFinished(() => kafka.remove());
  const address = kafka.brokers[0] ?? "";
  for (const harm of [kafka.stop, kafka.kill]) {
    expect(await isOpen(address)).toBe(true);
    await harm();
    expect(await isOpen(address)).toBe(false);
    await kafka.start();
  }
  expect(await isOpen(address)).toBe(true);
});

test("the run's Kafka is one for all who ask", async ({ skip }) => {
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
