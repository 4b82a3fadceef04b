import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { newId, type OutboundMail, topics, wall } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMailHeads } from "../src/store/heads.ts";
import { type Mailbox, startMailbox } from "./mailbox.ts";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

/* Notification sends a released message to the customer, and publishes one outcome for each message. */

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

const from = "support@northtel.example";
const customer = "avery@customer.example";
const patient = { timeoutMs: 30_000 };
const many = { subscription: Array<number>(60).fill(50), lastResort: [10] };

async function startWith(...given: Parameters<typeof startMailbox>): Promise<Mailbox> {
  const started = await startMailbox(...given);
  mailbox = started;
  await world.start({ mail: { url: started.url, from }, timeoutMs: 5_000 });
  return started;
}
const log = async (party: string, query = "") => (await world.call(party, "GET", `/v1/deliveries${query}`)).body.items;
const outcomes = async (count: number) => {
  await waitFor(() => world.mails.length >= count, patient);
  return world.mails;
};

describe("the mail", () => {
  test("comes from the carrier, joins the customer's thread, and is not automatic", async () => {
    const box = await startWith();
    const story = newStory();
    const mail = {
      subject: "Re: Mein Gerät ist tot",
      messageId: "ms_01",
      replyTo: "r-token@in.crossline.example",
      bouncesTo: "b-token@in.crossline.example",
      inReplyTo: "a1@customer.example",
      references: ["a0@customer.example", "a1@customer.example"],
    };
    const text = "Wir haben den Fehler gefunden – es war unserer.\n\n.A line that begins with a dot\n😀 €";
    await world.publish(story.opened(), story.released({ messageId: "ms_01", mail, text }));
    const [outcome] = await outcomes(1);
    expect(box.mails).toHaveLength(1);
    const [received] = box.mails;
    expect(received).toMatchObject({
      from: mail.bouncesTo,
      to: customer,
      mail: {
        from: { name: "northtel", address: from },
        to: [{ address: customer }],
        replyTo: [{ address: mail.replyTo }],
        subject: mail.subject,
        messageId: "<ms_01@northtel.example>",
        inReplyTo: "<a1@customer.example>",
        references: "<a0@customer.example> <a1@customer.example>",
      },
    });
    expect(received?.mail.text?.trimEnd()).toBe(text);
    expect(received?.mail.html).toBeUndefined();
    expect(box.header(received, "content-type")).toBe("text/plain; charset=utf-8");
    for (const name of ["auto-submitted", "x-auto-response-suppress"])
      expect(box.header(received, name)).toBeUndefined();
    expect(outcome).toMatchObject({
      topic: topics.mail,
      key: story.caseId,
      sequence: 1,
      timeline: wall,
      type: "mail.accepted",
      after: [{ topic: topics.case, key: story.caseId, sequence: 2 }],
      data: { messageId: "ms_01", acceptedAt: expect.stringMatching(/^20/) },
    });
  });

  test("of an acknowledgement is marked as automatic, and no bounce comes back", async () => {
    const box = await startWith();
    const story = newStory();
    const mail = { subject: "Re: x", messageId: "ms_01", bouncesTo: "b-token@in.crossline.example" };
    await world.publish(story.opened(), story.released({ content: "auto-reply", mail }));
    await outcomes(1);
    const [received] = box.mails;
    expect(received?.from).toBe("");
    expect(box.header(received, "auto-submitted")).toBe("auto-replied");
    expect(box.header(received, "x-auto-response-suppress")).toBe("All");
  });

  test("keeps a complete message id, and has a subject and a sender even without headers from intake", async () => {
    const box = await startWith();
    const story = newStory();
    const complete = { subject: "Re: x", messageId: "ms_01@mail.crossline.example" };
    const bare = story.opened();
    await world.publish(
      bare,
      story.released({ mail: complete }),
      story.released({ messageId: "ms_02", mail: undefined }),
    );
    await outcomes(2);
    const byId = new Map(box.mails.map((received) => [received.mail.messageId, received]));
    expect(new Set(byId.keys())).toEqual(new Set(["<ms_01@mail.crossline.example>", "<ms_02@northtel.example>"]));
    const second = byId.get("<ms_02@northtel.example>");
    expect(second).toMatchObject({ from, mail: { subject: `Case ${story.carrierCaseId}` } });
    expect(box.header(second, "reply-to")).toBeUndefined();
    expect(box.header(second, "references")).toBeUndefined();
  });

  test.each<[string, Partial<OutboundMail>]>([
    ["subject", { subject: "x\r\nBcc: all@northtel.example\r\n\r\nhello" }],
    [
      "references",
      { references: ["a\r\nBcc: all@northtel.example", "a b", "<a>", ""], inReplyTo: "a>\r\nBcc: x@y.example" },
    ],
    ["reply-to", { replyTo: "a@b.example\r\nBcc: all@northtel.example" }],
    ["message id", { messageId: "a\r\nBcc: all@northtel.example" }],
  ])("gets no header from the %s", async (_, more) => {
    const box = await startWith();
    const story = newStory();
    const mail = { subject: "x", messageId: "ms_01", ...more };
    await world.publish(story.opened(), story.released({ mail, text: "a\r\n.\r\nMAIL FROM:<x@y.example>\r\nBcc: x" }));
    await outcomes(1);
    expect(box.mails).toHaveLength(1);
    const [received] = box.mails;
    expect(box.header(received, "bcc")).toBeUndefined();
    expect(received?.raw.split("\r\n\r\n")[0]).not.toMatch(/^(?:bcc|hello)/im);
    expect(received?.mail.text).toContain("MAIL FROM:<x@y.example>");
    expect([received?.mail.inReplyTo, received?.mail.references]).toEqual([undefined, undefined]);
  });

  test.each([
    `${customer}, other@northtel.example`,
    `${customer}\r\nRCPT TO:<other@northtel.example>`,
    `"x" <${customer}>`,
    "",
  ])("to the address %j reaches no second mailbox", async (email) => {
    const box = await startWith();
    const story = newStory();
    await world.publish(story.opened(), story.released({ subject: { email } }));
    await outcomes(1);
    expect(box.mails.filter(({ to }) => to.startsWith("other@"))).toEqual([]);
    expect(world.mails).toHaveLength(1);
  });
});

describe("the outcome", () => {
  test("is published once, even if the release is published repeatedly", async () => {
    const box = await startWith();
    const story = newStory();
    const [opened, released] = [story.opened(), story.released()];
    await world.publish(opened, released, released);
    await world.publish(released, story.noted("after it"));
    await outcomes(1);
    await world.publish(released, story.released());
    await outcomes(2);
    expect(box.mails).toHaveLength(2);
    expect(world.mails.map(({ type, sequence }) => [type, sequence])).toEqual([
      ["mail.accepted", 1],
      ["mail.accepted", 2],
    ]);
  });

  test("is `mail.refused` at once if the mailbox does not exist, and other mails are sent", async () => {
    const box = await startWith((to) => (to.startsWith("nobody@") ? 550 : undefined));
    const story = newStory();
    const opened = story.opened();
    const lost = story.released({ subject: { email: "nobody@customer.example" } });
    await world.publish(opened, lost, story.released());
    await outcomes(2);
    const refused = world.mails.find(({ type }) => type === "mail.refused");
    const { messageId } = lost.data as { messageId: string };
    expect(refused?.data).toEqual({ messageId, reason: "The mail server refused the mail with status 550." });
    expect(box.mails.map(({ to }) => to)).toEqual([customer]);
    const [abandoned] = await log("northtel", "?state=abandoned");
    expect(abandoned.attempts).toMatchObject([{ number: 1, status: 550 }]);
    // The alarm of abandoned deliveries is not for the wrong address of a customer.
    const metrics = await world.metrics();
    expect(metrics).toMatch(/crossline_deliveries_total\{[^}]*outcome="refused"[^}]*\} 1/);
    expect(metrics).toMatch(/crossline_deliveries_total\{[^}]*outcome="abandoned"[^}]*\} 0/);
  });

  test("is `mail.refused` if the server refuses the mail after its data", async () => {
    await startWith(undefined, undefined, () => 554);
    const story = newStory();
    await world.publish(story.opened(), story.released());
    const [outcome] = await outcomes(1);
    expect(outcome).toMatchObject({ type: "mail.refused", data: { reason: expect.stringContaining("554") } });
    expect(mailbox?.offered()).toBe(1);
  });

  test("is `mail.accepted` after temporary refusals", async () => {
    const box = await startWith((_to, offered) => (offered <= 2 ? 451 : undefined));
    const story = newStory();
    await world.publish(story.opened(), story.released());
    await outcomes(1);
    expect(world.mails.map(({ type }) => type)).toEqual(["mail.accepted"]);
    expect(box.mails).toHaveLength(1);
    const [delivery] = await log("northtel");
    expect(delivery.attempts.map(({ status }: { status: number }) => status)).toEqual([451, 451, 250]);
  });

  test("is `mail.refused` after the last temporary refusal", async () => {
    mailbox = await startMailbox(() => 451);
    await world.start({
      mail: { url: mailbox.url, from },
      timeoutMs: 5_000,
      retry: { subscription: [10, 10], lastResort: [] },
    });
    const story = newStory();
    await world.publish(story.opened(), story.released());
    const [outcome] = await outcomes(1);
    expect(outcome).toMatchObject({ type: "mail.refused", data: { reason: expect.stringContaining("451") } });
    expect(mailbox.offered()).toBe(3);
  });

  test("waits while the mail server is down, and follows when the server is back", async () => {
    const first = await startMailbox();
    await world.start({ mail: { url: first.url, from }, timeoutMs: 5_000, retry: many });
    await first.close();
    const story = newStory();
    await world.publish(story.opened(), story.released());
    await waitFor(async () => (await log("northtel"))[0]?.attempts.length >= 2, patient);
    expect(world.mails).toEqual([]);
    mailbox = await startMailbox(undefined, first.port);
    expect(await outcomes(1)).toMatchObject([{ type: "mail.accepted" }]);
    expect(mailbox.mails).toHaveLength(1);
  });

  test("is `mail.refused` if the mail server stays down", async () => {
    const closed = await startMailbox();
    await closed.close();
    await world.start({ mail: { url: closed.url, from }, retry: { subscription: [10, 10], lastResort: [] } });
    const story = newStory();
    await world.publish(story.opened(), story.released());
    const [outcome] = await outcomes(1);
    expect(outcome).toMatchObject({
      type: "mail.refused",
      data: { reason: "The mail server did not accept the mail before the last retry." },
    });
  });

  test("comes once, and the repeated mail has the same Message-ID, if the connection ends before the response", async () => {
    const box = await startWith(undefined, undefined, (offered) => (offered === 1 ? "cut" : undefined));
    const story = newStory();
    await world.publish(story.opened(), story.released());
    await outcomes(1);
    await waitFor(async () => (await log("northtel"))[0]?.state === "delivered", patient);
    expect(world.mails.map(({ type }) => type)).toEqual(["mail.accepted"]);
    expect(box.mails).toHaveLength(2);
    expect(new Set(box.mails.map(({ mail }) => mail.messageId)).size).toBe(1);
  });

  test("is `mail.refused` at once without a mail server", async () => {
    await world.start();
    const story = newStory();
    await world.publish(story.opened(), story.released());
    const [outcome] = await outcomes(1);
    expect(outcome).toMatchObject({ type: "mail.refused", data: { reason: "This installation sends no mail." } });
    expect(await log("northtel")).toMatchObject([{ state: "abandoned", attempts: [{ error: "mail-off" }] }]);
  });

  test("of a stepped timeline is `mail.accepted` with the time of the release, and no mail is sent", async () => {
    const box = await startWith();
    const story = newStory(newId("stp"));
    const [opened, released] = [story.opened(), story.released()];
    await world.publish(opened, released);
    const [outcome] = await outcomes(1);
    expect(outcome).toMatchObject({
      type: "mail.accepted",
      time: released.time,
      timeline: released.timeline,
      data: { acceptedAt: "2026-03-07T14:00:02Z" },
    });
    expect(await log("northtel")).toMatchObject([{ state: "recorded", attempts: [] }]);
    expect(box.offered()).toBe(0);
    expect(await readMailHeads(world.database, "", 4)).toEqual([
      { key: story.caseId, sequence: 1, timeline: released.timeline },
    ]);
  });

  test("does not exist for an import, or for a message that the carrier's CRM sends", async () => {
    const box = await startWith();
    const imported = newStory(newId("imp"));
    const story = newStory();
    await world.publish(imported.opened(), imported.released());
    await world.publish(story.opened(), story.released({ via: "crm", channel: "sms", mail: undefined }));
    await world.publish(story.released());
    await outcomes(1);
    expect(world.mails.map(({ key }) => key)).toEqual([story.caseId]);
    expect(box.offered()).toBe(1);
  });
});

describe("the delivery", () => {
  test("is in the carrier's log without the text, and in no other log", async () => {
    await startWith();
    const story = newStory();
    await world.publish(story.opened(), story.offered("orchard"), story.released({ text: "a secret text" }));
    await outcomes(1);
    const [delivery, ...others] = await log("northtel", `?case=${story.caseId}`);
    expect(others).toEqual([]);
    expect(delivery).toMatchObject({ eventType: "message.released", url: `mailto:${customer}`, state: "delivered" });
    expect(JSON.stringify(delivery)).not.toContain("a secret text");
    for (const party of ["orchard", "lumen"]) expect(await log(party)).toEqual([]);
  });

  test.each([
    ["sent", undefined],
    ["failed", 550],
  ])("of a message that was %s is not sent again by hand", async (_, code) => {
    const box = await startWith(() => code);
    const story = newStory();
    await world.publish(story.opened(), story.released());
    await outcomes(1);
    const [{ deliveryId }] = await log("northtel");
    expect(await world.call("northtel", "POST", `/v1/deliveries/${deliveryId}/redeliver`)).toMatchObject({
      status: 409,
      body: { code: "illegal_transition", detail: expect.stringContaining("write a new message") },
    });
    await world.publish(story.released());
    await outcomes(2);
    expect(world.mails).toHaveLength(2);
    expect(box.offered()).toBe(2);
  });

  test("that still waits can be sent again at once, with one outcome", async () => {
    const first = await startMailbox();
    await first.close();
    await world.start({ mail: { url: first.url, from }, retry: { subscription: [3_600_000], lastResort: [] } });
    const story = newStory();
    await world.publish(story.opened(), story.released());
    await waitFor(async () => (await log("northtel"))[0]?.attempts.length === 1, patient);
    mailbox = await startMailbox(undefined, first.port);
    const [{ deliveryId }] = await log("northtel");
    const again = await world.call("northtel", "POST", `/v1/deliveries/${deliveryId}/redeliver`);
    expect(again).toMatchObject({ status: 202, body: { state: "waiting" } });
    await outcomes(1);
    expect(world.mails.map(({ type }) => type)).toEqual(["mail.accepted"]);
  });
});

describe("overload", () => {
  test("a mail server that hangs delays neither pages by webhook nor the webhooks of the same carrier", async () => {
    let connections = 0;
    let most = 0;
    const silent = createServer((socket) => {
      most = Math.max(most, ++connections);
      socket.on("close", () => connections--).on("error", () => {});
    }).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const retry = { subscription: [60_000], lastResort: [10] };
    await world.start({ mail: { url: `smtp://127.0.0.1:${port}`, from }, timeoutMs: 30_000, retry });
    const receiver = await world.receiver();
    await world.subscribe("northtel", { url: receiver.url, events: ["case.opened"] });
    const stories = Array.from({ length: 300 }, () => newStory());
    await world.publish(
      ...stories.flatMap((story, index) => [
        story.opened(),
        story.released({ subject: { email: `c${index}@x.example` } }),
      ]),
    );
    const pager = await world.receiver();
    const people = [{ person: "p-ada", name: "Ada Lovett", url: pager.url }];
    await world.publish(...stories.slice(0, 20).map((story) => story.paged({ subject: { people } })));
    await waitFor(() => receiver.received.length === 300 && pager.received.length === 20, patient);
    // The limit of one delivery target: all mails of a carrier share it.
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(4);
    silent.close();
  });

  test("each of many mails of two carriers is sent once, with one outcome", async () => {
    const box = await startWith();
    const stories = Array.from({ length: 40 }, (_, index) => newStory(wall, index % 2 === 0 ? "northtel" : "lumen"));
    await world.publish(...stories.map((story) => story.opened()));
    await world.publish(...stories.flatMap((story) => [story.released(), story.released(), story.released()]));
    await outcomes(120);
    expect(world.mails).toHaveLength(120);
    expect(new Set(box.mails.map(({ mail }) => mail.messageId)).size).toBe(120);
    expect(box.mails).toHaveLength(120);
    expect(new Set(box.mails.map(({ mail }) => mail.from?.name))).toEqual(new Set(["northtel", "lumen"]));
    for (const { caseId } of stories) {
      const sequences = world.mails.filter(({ key }) => key === caseId).map(({ sequence }) => sequence);
      expect(sequences).toEqual([1, 2, 3]);
    }
  });
});

describe("webhooks and mails about the message", () => {
  test("companies of the case receive the text, but never the tokens of the mail", async () => {
    const box = await startWith();
    const [northtel, orchard, quill] = await Promise.all([1, 2, 3].map(() => world.receiver()));
    await world.subscribe("northtel", { url: northtel?.url ?? "", events: ["message.released"] });
    await world.subscribe("orchard", { url: orchard?.url ?? "", events: ["message.released"] });
    await world.subscribe("quill", { url: quill?.url ?? "" });
    await world.subscribe("orchard", { mail: "desk@orchard.example", events: ["message.released"] });
    const story = newStory();
    const mail = {
      subject: "Re: x",
      messageId: "ms_01",
      replyTo: "r-token@in.example",
      bouncesTo: "b-token@in.example",
    };
    const text = "é".repeat(5_000);
    await world.publish(story.opened(), story.offered("orchard"), story.released({ mail, text }));
    await waitFor(
      () => northtel?.received.length === 1 && orchard?.received.length === 1 && box.mails.length === 2,
      patient,
    );
    for (const receiver of [northtel, orchard]) {
      expect(receiver?.events()[0]?.data).toMatchObject({ text, content: "answer" });
      expect(receiver?.received[0]?.body).not.toMatch(/-token@/);
    }
    const notice = box.mails.find(({ to }) => to === "desk@orchard.example");
    expect(notice?.mail.text).toContain(`text: ${text}`);
    expect(notice?.raw).not.toMatch(/-token@|avery@/);
    expect(quill?.received).toEqual([]);
  });
});
