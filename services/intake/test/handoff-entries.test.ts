import { type Message, newId, topics, wall } from "@crossline/contracts";
import { verifyExportFile } from "@crossline/domain";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type World, createWorld, opening, waitFor } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.stop());

const agent = { party: "orchard", person: "eng-4", automated: false };
const evidence = { test: "on a reference", result: "works there", wouldChangeOurMind: "a log of the failure" };

/** Opens a case and returns functions that publish the events of its hand-off, as routing does. */
async function handedOff() {
  const { id } = (await world.northtel.post("/v1/cases", opening())).body as { id: string };
  const one = { handoffId: newId("ho"), vendor: "orchard", queue: "orchard.handheld", actor: agent };
  let sequence = 0;
  const publish = (type: string, data: Record<string, unknown> = {}) => {
    const message = { topic: topics.handoff, key: id, sequence: ++sequence, type, time: Date.now(), timeline: wall };
    return world.publish({ ...message, data: { ...one, ...data } } satisfies Message);
  };
  await publish("handoff.offered", { step: 0, attempt: 0, mode: "ticket", reason: "clock" });
  return { id, publish };
}

const entries = async (client: World["orchard"], id: string) =>
  (await client.get(`/v1/cases/${id}/entries`)).body.items as { text: string; of: unknown; author: unknown }[];

test("both companies read a question, its answer and the evidence of a return once, over REST and in the export", async () => {
  const { id, publish } = await handedOff();
  await publish("handoff.info-requested", { code: "needs-log", items: ["battery-log"], question: "When did it die?" });
  await publish("handoff.info-provided", { answer: "last night", items: ["battery-log"], bestEffort: false });
  await publish("handoff.returned", { code: "bad-data", evidence, returns: 1 });
  const read = await waitFor(async () => {
    const found = await entries(world.orchard, id);
    return found.length === 3 ? found : undefined;
  });
  expect(read.map(({ text }) => text.split("\n")[0])).toEqual([
    "Question: When did it die?",
    "Reply: last night",
    "Returned: bad-data",
  ]);
  expect(read[2]?.text).toContain(evidence.wouldChangeOurMind);
  expect(read[0]).toMatchObject({ of: { topic: topics.handoff, sequence: 2 }, author: { ...agent, automated: true } });
  expect(await entries(world.northtel, id)).toEqual(read);
  const { body } = await world.northtel.send("GET", `/v1/cases/${id}/dossier`);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  expect(verifyExportFile(text)).toEqual([]);
  expect(text).toContain("last night");
});

test("entries with texts of a hand-off are no sign of life, and do not change the version that an acceptance names", async () => {
  const { id, publish } = await handedOff();
  await publish("handoff.rejected", { code: "not-our-device", note: "it is a Quill" });
  await waitFor(async () => (await entries(world.northtel, id)).length === 1);
  await waitFor(() => world.eventTypes(id).includes("entry.added"));
  const event = world.events.find(({ key, type }) => key === id && type === "entry.added");
  expect(event?.data).toMatchObject({ news: false, actor: { automated: true }, of: { sequence: 2 } });
});
