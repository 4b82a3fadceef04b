import { type LineRef, topics } from "@crossline/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ask, type Case, type World, acceptance, startWorld } from "./world.ts";

/* A former vendor reads the hand-offs of a case as of the end of the vendor's last part. */

let world: World;
let line: LineRef;
let [orchard, quill, northtel]: Ask[] = [];

beforeAll(async () => {
  world = await startWorld();
  [orchard, quill, northtel] = [world.as("orchard"), world.as("quill"), world.as("northtel")];
  line = await world.publish("northtel", {
    line: "handheld",
    crossing: [
      { to: "queue:orchard.handheld", mode: "ticket", repeat: 1 },
      { to: "queue:quill.net", mode: "ticket", repeat: 2 },
    ],
  });
});
afterAll(() => world.stop());

const phone = "+1 416 555 0199";
const evidence = { test: "on a reference", result: "it works", wouldChangeOurMind: "a log of the failure" };
const deskOf = (handoffId: string, queue = "orchard.handheld") => `/v1/queues/${queue}/handoffs/${handoffId}`;

async function offerHandoff() {
  const one = await world.open(line);
  one.after(60);
  await one.cross();
  return { one, handoffId: await one.offered() };
}

async function take(one: Case, handoffId: string, ask = orchard, queue = "orchard.handheld"): Promise<number> {
  const { body } = await ask!("POST", `${deskOf(handoffId, queue)}/claim`);
  const accepted = await ask!(
    "POST",
    `${deskOf(handoffId, queue)}/accept`,
    acceptance(body.token, body.brief.case.version),
  );
  expect(accepted.status).toBe(200);
  return body.token as number;
}

const readAll = async (one: Case, handoffId: string): Promise<unknown> => {
  const answers = [await orchard!("GET", `/v1/cases/${one.id}/handoffs`), await orchard!("GET", deskOf(handoffId))];
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  return answers.map(({ body }) => body);
};

/** Adds a note and a contact with personal data to the case. If `crossesAgain`, another vendor also gets a part. */
async function changeOwnHandoff({ one }: { one: Case }, crossesAgain: boolean): Promise<void> {
  one.after(600);
  await one.note(`call ${phone}`);
  await one.publish("case.contacted", {
    actor: one.rep,
    contactId: "ct_1",
    channel: "phone",
    direction: "inbound",
    content: "inquiry",
    subject: { phone },
  });
  if (!crossesAgain) return;
  await one.cross();
  one.after(600);
  await one.breach("vendor.acceptance", await one.offered());
}

type OfferedHandoff = Awaited<ReturnType<typeof offerHandoff>>;
describe.each<[name: string, end: (given: OfferedHandoff) => Promise<unknown>]>([
  ["a lapsed offer", ({ one, handoffId }) => one.breach("vendor.acceptance", handoffId)],
  [
    "a rejected offer",
    async ({ handoffId }) => {
      const { token } = (await orchard!("POST", `${deskOf(handoffId)}/claim`)).body;
      await orchard!("POST", `${deskOf(handoffId)}/reject`, { token, code: "duplicate" });
    },
  ],
  [
    "a return",
    async ({ one, handoffId }) => {
      const token = await take(one, handoffId);
      await orchard!("POST", `${deskOf(handoffId)}/return`, { token, code: "bad-data", evidence });
    },
  ],
  [
    "a transfer that another vendor accepted",
    async ({ one, handoffId }) => {
      const token = await take(one, handoffId);
      await orchard!("POST", `${deskOf(handoffId)}/transfer`, { token, code: "wrong-vendor", to: "quill.net" });
      await take(one, await one.offered(), quill, "quill.net");
    },
  ],
  [
    "a closing without a word of the customer",
    async ({ one, handoffId }) => {
      const token = await take(one, handoffId);
      await orchard!("POST", `${deskOf(handoffId)}/resolve`, { token, fixCode: "memory-full" });
      await one.publish("case.resolved", { actor: one.rep, from: "inProgress", fixCode: "memory-full", handoffId });
      await one.publish("case.closed", { actor: one.rep, from: "resolved", reason: "confirmation-lapsed" });
    },
  ],
])("after %s", (name, end) => {
  test("a former vendor reads nothing later than the end of its part, and its commands are refused", async () => {
    const given = await offerHandoff();
    const { one, handoffId } = given;
    await end(given);
    one.after(60);
    const before = await readAll(one, handoffId);
    if (name.includes("closing"))
      await one.publish("case.reopened", { actor: one.rep, from: "closed", code: "other", reason: `call ${phone}` });
    await changeOwnHandoff(given, !/return|closing/.test(name)); // after a return or closing, routing offers the case to the same vendor
    const after = await readAll(one, handoffId);
    expect(after).toEqual(before);
    expect(JSON.stringify(after)).not.toContain(phone);
    const carriers = (await northtel!("GET", `/v1/cases/${one.id}/handoffs`)).body;
    expect(carriers).not.toEqual((after as unknown[])[0]);
    const person = { engineer: { name: "Ada", contact: "a@x" } };
    const steps = [`/v1/cases/${one.id}/joint/person`, `/v1/cases/${one.id}/take`];
    const answers = await Promise.all(steps.map((step) => orchard!("POST", step, person)));
    expect(answers.map(({ status, body }) => [status, body.code])).toEqual(steps.map(() => [403, "forbidden"]));
  });
});

test("after an unconfirmed fix, the vendor reads the current brief; after a closing, it reads the brief as of the closing", async () => {
  const { one, handoffId } = await offerHandoff();
  const token = await take(one, handoffId);
  await orchard!("POST", `${deskOf(handoffId)}/resolve`, { token, fixCode: "memory-full" });
  await one.publish("case.resolved", { actor: one.rep, from: "inProgress", fixCode: "memory-full", handoffId });
  one.after(60);
  await one.note("it holds");
  expect(JSON.stringify(await readAll(one, handoffId))).toContain("it holds");
  await one.publish("case.closed", { actor: one.rep, from: "resolved", reason: "confirmation-lapsed" });
  one.after(60);
  await one.note(phone);
  const all = JSON.stringify(await readAll(one, handoffId));
  expect(all).toContain("it holds");
  expect(all).not.toContain(phone);
});

test("after a new offer, a former vendor reads the current case again", async () => {
  const { one, handoffId } = await offerHandoff();
  await one.breach("vendor.acceptance", handoffId);
  const late = await one.offered();
  await take(one, late, quill, "quill.net");
  const before = (await orchard!("GET", `/v1/cases/${one.id}/handoffs`)).body;
  one.after(600);
  await one.publish("case.moved", { actor: one.rep, from: line, line, reason: "again" });
  await quill!("POST", `${deskOf(late, "quill.net")}/transfer`, {
    token: 1,
    code: "wrong-vendor",
    to: "orchard.handheld",
  });
  const after = (await orchard!("GET", `/v1/cases/${one.id}/handoffs`)).body;
  expect(after.handoffs).toHaveLength(before.handoffs.length + 1);
  expect(after.holder).toBe("quill");
  expect((await one.published()).handoffs.at(-1)).toMatchObject({ topic: topics.handoff, type: "handoff.offered" });
});
