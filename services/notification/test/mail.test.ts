import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { newId } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
let mailbox: Mailbox | undefined;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(async () => {
  await world.stop();
  await mailbox?.close();
  mailbox = undefined;
});

const from = "crossline@northtel.example";
const desk = "desk@northtel.example";

async function startWith(answer?: Parameters<typeof startMailbox>[0]): Promise<Mailbox> {
  const started = await startMailbox(answer);
  mailbox = started;
  await world.start({ mail: { url: started.url, from } });
  return started;
}
const log = async (party: string, query = "") => (await world.call(party, "GET", `/v1/deliveries${query}`)).body.items;

test("a mail subscription gets one plain mail per event, and the mails of a case form one thread", async () => {
  const box = await startWith();
  const subscribed = await world.subscribe("northtel", { mail: desk });
  expect(subscribed).toMatchObject({ mail: desk });
  expect(subscribed).not.toHaveProperty("secret");
  const story = newStory();
  const opened = story.opened();
  await world.publish(opened, opened);
  await world.publish(story.noted("the screen is black"), story.breached());
  await waitFor(() => world.published.length === 3);
  expect(box.mails).toHaveLength(3);
  const byType = (type: string) => box.mails.find(({ mail }) => mail.text?.startsWith(type));
  const root = byType("case.opened");
  expect(root).toMatchObject({ to: desk, mail: { from: { address: from }, to: [{ address: desk }] } });
  expect(root?.mail.subject).toBe(`[Crossline] case ${story.carrierCaseId} of northtel`);
  expect(root?.mail.html).toBeUndefined();
  expect(root?.mail.text).toContain(story.caseId);
  expect(root?.raw).not.toContain("Avery Example");
  expect(root?.mail.inReplyTo).toBeUndefined();
  expect(root?.mail.messageId).toMatch(/^<[0-9a-f]{40}@northtel\.example>$/);
  for (const type of ["entry.added", "clock.breached"]) {
    expect(byType(type)?.mail).toMatchObject({ inReplyTo: root?.mail.messageId, references: root?.mail.messageId });
    expect(byType(type)?.mail.subject).toBe(root?.mail.subject);
  }
  expect(new Set(box.mails.map(({ mail }) => mail.messageId)).size).toBe(3);
  expect(box.mails.map((mail) => box.header(mail, "auto-submitted"))).toEqual(Array(3).fill("auto-generated"));
  expect(byType("entry.added")?.mail.text).toContain("text: the screen is black");
  const [delivery] = await log("northtel");
  expect(delivery).toMatchObject({ url: `mailto:${desk}`, state: "delivered", attempts: [{ number: 1, status: 250 }] });
});

test("⚠ a mailbox gets no events of a canary's case, and a webhook gets them with the mark of the case", async () => {
  const box = await startWith();
  const webhooks = await world.receiver();
  await world.subscribe("northtel", { mail: desk });
  await world.subscribe("northtel", { url: webhooks.url });
  const canary = { canaryId: "cn_01jnrfj3n5q7s9v1x3z5b7d9f1", door: "mail" as const };
  const probe = newStory(undefined, "northtel", { canary });
  await world.publish(probe.opened());
  await world.publish(probe.noted("the text of a test"), probe.breached()); // A later batch has no mark of its own.
  await waitFor(() => webhooks.received.length === 3);
  const customers = newStory();
  await world.publish(customers.opened());
  await waitFor(() => box.mails.length === 1 && webhooks.received.length === 4);
  expect(box.mails[0]?.mail.text).toContain(customers.caseId);
  const opened = webhooks.events().find(({ type }) => type === "crossline.case.opened.v1");
  expect(opened?.data).toMatchObject({ canary });
});

test("a page reaches all people on duty by mail and by webhook, and names the request that takes the case", async () => {
  const box = await startWith();
  const pager = await world.receiver();
  const northtelReceiver = await world.receiver();
  await world.subscribe("northtel", { url: northtelReceiver.url, events: ["roster.paged"] });
  const story = newStory();
  const people = [
    { person: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example" },
    { person: "p-ben", name: "Ben Ode", mail: "ben@orchard.example", url: pager.url },
  ];
  await world.publish(story.opened(), story.paged({ people: ["p-ada", "p-ben"], subject: { people } }));
  await waitFor(() => world.published.length === 4);
  // A mail server that needs more than 400 ms on a busy machine gets the same mail again.
  const recipients = new Set(box.mails.map(({ to }) => to));
  expect([...recipients].toSorted()).toEqual(["ada@orchard.example", "ben@orchard.example"]);
  expect(box.mails[0]?.mail.subject).toBe(`[Crossline] PAGE: case ${story.carrierCaseId} of northtel`);
  expect(box.mails[0]?.mail.text).toContain(`POST /v1/cases/${story.caseId}/take`);
  expect(box.mails[0]?.mail.text).toContain("The next step follows after 5 min.");
  expect(box.mails[0]?.mail.to).toHaveLength(1);
  const { body: signing } = await world.call("orchard", "GET", "/v1/last-resort-secret");
  const [received] = pager.received;
  expect(new Webhook(signing.secret).verify(received?.body ?? "", received?.headers ?? {})).toMatchObject({
    type: "crossline.roster.paged.v1",
    data: { roster: "orchard.duty", caseId: story.caseId, take: { path: `/v1/cases/${story.caseId}/take` } },
  });
  // The carrier receives the page without the people. Only the party of the roster has the deliveries in its log.
  expect(northtelReceiver.events()).toMatchObject([{ data: { roster: "orchard.duty", people: [] } }]);
  expect(northtelReceiver.received[0]?.body).not.toMatch(/Ada|Ben|orchard\.example|p-ada/);
  expect(await log("orchard")).toHaveLength(3);
  expect(await log("northtel")).toHaveLength(1);
});

test("a page for a reply names the contact and the request that records the answer", async () => {
  const box = await startWith();
  const pager = await world.receiver();
  const story = newStory();
  const people = [{ person: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example", url: pager.url }];
  const contact = { channel: "mail", content: "still-broken" } as const;
  const owed = { step: undefined, attempt: undefined, acceptWithin: undefined, reason: "reply" } as const;
  await world.publish(story.opened(), story.paged({ ...owed, contact, subject: { people } }));
  await waitFor(() => world.published.length === 2);
  await world.publish(story.paged({ ...owed, subject: { people } }));
  await waitFor(() => world.published.length === 4);
  const texts = box.mails.map(({ mail }) => mail.text ?? "").toSorted((one, other) => other.length - one.length);
  expect(texts[0]).toContain(
    "needs a person: its customer made contact, and no person has answered. The customer last said that it is still broken, by mail.",
  );
  expect(texts[0]).toContain(`POST /v1/cases/${story.caseId}/contacts with direction "outbound" and content "answer"`);
  expect(texts[1]).not.toContain("The customer last");
  for (const text of texts) expect(text).not.toContain("/take");
  const first = pager.events().find(({ data }) => data["contact"] !== undefined);
  expect(first?.data).toMatchObject({ reason: "reply", contact, caseId: story.caseId });
  expect(first?.data).not.toHaveProperty("take");
});

test("notification retries a mail that the server refuses temporarily, and delivers it once", async () => {
  const box = await startWith((_to, offered) => (offered <= 2 ? 451 : undefined));
  await world.subscribe("northtel", { mail: desk, events: ["case.opened"] });
  await world.publish(newStory().opened());
  await waitFor(() => world.published.length === 1);
  expect(box.mails).toHaveLength(1);
  const [delivery] = await log("northtel");
  expect(delivery.state).toBe("delivered");
  expect(delivery.attempts.map(({ status }: { status: number }) => status)).toEqual([451, 451, 250]);
});

test("notification does not retry a mail to an unknown mailbox, and such a mail blocks no other mail", async () => {
  const box = await startWith((to) => (to.startsWith("nobody@") ? 550 : undefined));
  await world.subscribe("northtel", { mail: "nobody@northtel.example", events: ["case.opened"] });
  await world.subscribe("northtel", { mail: desk, events: ["case.opened"] });
  await world.publish(newStory().opened());
  await waitFor(() => world.published.length === 2);
  expect(world.published.map(({ type }) => type).toSorted()).toEqual([
    "notification.abandoned",
    "notification.delivered",
  ]);
  const [abandoned] = await log("northtel", "?state=abandoned");
  expect(abandoned).toMatchObject({ url: "mailto:nobody@northtel.example", attempts: [{ number: 1, status: 550 }] });
  expect(box.mails.map(({ to }) => to)).toEqual([desk]);
});

test("mails wait while the mail server is down, and arrive when the server works again", async () => {
  const first = await startMailbox();
  await world.start({
    mail: { url: first.url, from },
    retry: { subscription: Array<number>(40).fill(50), lastResort: Array<number>(40).fill(50) },
  });
  await first.close();
  await world.subscribe("northtel", { mail: desk, events: ["case.opened"] });
  const story = newStory();
  await world.publish(story.opened(), story.paged());
  await waitFor(async () => (await log("northtel"))[0]?.attempts.length >= 2);
  expect((await log("northtel"))[0].attempts[0]).toMatchObject({ error: "connect" });
  const second = await startMailbox(undefined, first.port);
  mailbox = second;
  await waitFor(() => world.published.length === 2, { timeoutMs: 20_000 });
  expect(second.mails.map(({ to }) => to).toSorted()).toEqual(["ada@orchard.example", desk]);
});

test("an attempt ends if the mail server never responds", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  await world.start({ mail: { url: `smtp://127.0.0.1:${port}`, from }, retry: { subscription: [], lastResort: [] } });
  await world.subscribe("northtel", { mail: desk, events: ["case.opened"] });
  await world.publish(newStory().opened());
  await waitFor(() => world.published.length === 1);
  expect(await log("northtel")).toMatchObject([{ state: "abandoned", attempts: [{ error: "timeout" }] }]);
  silent.close();
});

test("without a mail server, notification abandons a page by mail with the reason, and refuses a subscription by mail", async () => {
  await world.start();
  const story = newStory();
  await world.publish(story.opened(), story.paged());
  await waitFor(() => world.published.length === 1);
  expect(world.published[0]).toMatchObject({ type: "notification.abandoned", data: { party: "orchard", attempts: 1 } });
  expect(await log("orchard")).toMatchObject([{ state: "abandoned", attempts: [{ error: "mail-off" }] }]);
  const refused = await world.call("northtel", "POST", "/v1/subscriptions", { mail: desk });
  expect(refused).toMatchObject({ status: 400, body: { fields: [{ at: "/mail" }] } });
});

test("pages and mails of a stepped timeline are recorded and never sent", async () => {
  const box = await startWith();
  const pager = await world.receiver();
  const timeline = newId("stp");
  await world.subscribe("northtel", { mail: desk, timeline });
  const story = newStory(timeline);
  const people = [{ person: "p-ada", name: "Ada Lovett", mail: "ada@orchard.example", url: pager.url }];
  await world.publish(story.opened(), story.paged({ subject: { people } }));
  // The subscription has two events, and the page has two addresses.
  await waitFor(() => world.published.length === 4);
  expect(new Set(world.published.map(({ type }) => type))).toEqual(new Set(["notification.recorded"]));
  expect([box.offered(), pager.received.length]).toEqual([0, 0]);
  expect(await log("orchard")).toMatchObject([{ state: "recorded" }, { state: "recorded" }]);
});

test.each([
  `${desk}\r\nBcc: everybody@northtel.example`,
  `${desk}, other@northtel.example`,
  `"x" <${desk}>`,
  "no address",
  `mailto:${desk}?bcc=x@y.example`,
])("the mail address %j is refused", async (mail) => {
  await startWith();
  expect(await world.call("northtel", "POST", "/v1/subscriptions", { mail })).toMatchObject({
    status: 400,
    body: { code: "invalid_request", fields: [{ at: "/mail" }] },
  });
});

test("a carrier's case id cannot add a header to a mail", async () => {
  const box = await startWith();
  await world.subscribe("northtel", { mail: desk, events: ["case.opened"] });
  const carrierCaseId = "NT-1\r\nBcc: everybody@northtel.example\r\n\r\nhello";
  await world.publish(newStory("wall", "northtel", { carrierCaseId }).opened());
  await waitFor(() => world.published.length === 1);
  expect(box.offered()).toBe(1);
  expect(box.header(box.mails[0], "bcc")).toBeUndefined();
  expect(box.mails[0]?.mail.subject).toBe("[Crossline] case NT-1 Bcc: everybody@northtel.example hello of northtel");
});

test("a subscription has either a URL or a mail address", async () => {
  await startWith();
  for (const body of [{}, { mail: desk, url: "https://hooks.example.com/" }]) {
    expect(await world.call("northtel", "POST", "/v1/subscriptions", body)).toMatchObject({
      status: 400,
      body: { fields: [{ at: "/url" }] },
    });
  }
});
