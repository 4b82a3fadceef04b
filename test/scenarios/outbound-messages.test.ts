import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import type { LineDocument } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { SMTPServer, type SMTPServerAddress } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";
import type { Story } from "./story.ts";

/*
 * A person answers the customer by mail. Real services run, with a real SMTP server. On a stepped timeline no mail is sent,
 * but the answer counts at once.
 */

let stage: Stage;
let server: SMTPServer;
const mails: string[] = [];
const smtpUrlBefore = process.env["SMTP_URL"];

beforeAll(async () => {
  server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onRcptTo: ({ address }: SMTPServerAddress, _session, callback) =>
      address.startsWith("nobody@") ? callback(Object.assign(new Error("no"), { responseCode: 550 })) : callback(),
    onData(stream, _session, callback) {
      void (async () => {
        mails.push(await textOf(stream));
        callback();
      })();
    },
  });
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  process.env["SMTP_URL"] = `smtp://127.0.0.1:${port}`;
  stage = await openStage();
});
afterAll(async () => {
  await stage?.close();
  if (smtpUrlBefore === undefined) delete process.env["SMTP_URL"];
  else process.env["SMTP_URL"] = smtpUrlBefore;
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

const line = (): LineDocument => ({
  line: "answers",
  mode: "observe",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: "PT1H", warnAt: [] },
    { kind: "stall.idle", target: "PT2H", warnAt: [] },
  ],
  crossing: [],
  lastResort: [],
});
const email = "avery@customer.example";

type OpenCase = { readonly path: string; readonly cast: Pick<Story["cast"], "carrier"> };
type Clocks = { readonly clocks: readonly { readonly kind: string; readonly state: string }[] };
type Messages = {
  readonly items: readonly { readonly id: string; readonly state: string; readonly reason?: string }[];
};
type Contacts = { readonly items: readonly Record<string, unknown>[] };

/** Returns the state of the first response, or `met`: a clock that was met in time is not in the list. */
async function firstResponseOf({ cast: { carrier }, path }: OpenCase) {
  const { clocks } = await carrier.get<Clocks>(`${path}/clocks`);
  return clocks.find(({ kind }) => kind === "first-response")?.state ?? "met";
}
const answer = { text: "We found the fault. A person will call you at ten.", via: "mail", person: "rep-7" };

test("⚠ on a stepped timeline, an answer by mail meets the first response before the next deadline", async () => {
  const story = await stage.story(line);
  await story.open({ call: false, channel: "mail", subject: { email } });
  const { carrier } = story.cast;
  await story.advance("09:59:59");
  expect(await firstResponseOf(story)).toBe("running");
  const { id } = await carrier.post<{ id: string }>(`${story.path}/messages`, answer);
  // The deadline is one second later. Intake moves the mark only after it has applied the outcome of the mail.
  await story.advance("10:30");
  const { items } = await carrier.get<Messages>(`${story.path}/messages`);
  expect(items).toMatchObject([{ id, state: "sent", stateAt: "2026-03-07T14:59:59Z" }]);
  expect(await firstResponseOf(story)).toBe("met");
  const contacts = await carrier.get<Contacts>(`${story.path}/contacts`);
  expect(contacts.items.at(-1)).toMatchObject({ direction: "outbound", content: "answer", channel: "mail" });
  expect(mails).toEqual([]);
});

test("⚠ on a stepped timeline, an automatic text by a program meets nothing", async () => {
  const story = await stage.story(line);
  await story.open({ call: false, channel: "mail", subject: { email } });
  const { carrier } = story.cast;
  const program = { text: "We have received your mail.", via: "mail", automated: true };
  await carrier.post(`${story.path}/messages`, program);
  await story.advance("10:30");
  expect(await firstResponseOf(story)).toBe("breached");
});

test("on the wall timeline, the mail leaves, the message is sent, and a refused mail fails without meeting anything", async () => {
  const carrier = await stage.party("northtel", "carrier");
  await waitFor(() => carrier.client.post("/v1/lines", line()), { timeoutMs: 10_000 });
  const open = async (address: string) => {
    const opening = { carrierCaseId: crypto.randomUUID(), line: "answers", title: "No signal", channel: "mail" };
    const { id } = await carrier.client.post<{ id: string }>("/v1/cases", { ...opening, subject: { email: address } });
    const { id: messageId } = await carrier.client.post<{ id: string }>(`/v1/cases/${id}/messages`, answer);
    return { path: `/v1/cases/${id}`, messageId, cast: { carrier: carrier.client } };
  };
  const [sent, failed] = [await open(email), await open("nobody@customer.example")];
  const stateOf = async ({ path }: { path: string }) =>
    (await carrier.client.get<Messages>(`${path}/messages`)).items[0]?.state;
  await waitFor(async () => (await stateOf(sent)) === "sent" && (await stateOf(failed)) === "failed", {
    timeoutMs: 60_000,
  });
  expect(mails).toHaveLength(1);
  expect(mails[0]).toContain(answer.text);
  expect(mails[0]).toContain(`Message-ID: <${sent.messageId}@`);
  await waitFor(async () => (await firstResponseOf(sent)) === "met", { timeoutMs: 30_000 });
  expect(await firstResponseOf(failed)).toBe("running");
  const { items } = await carrier.client.get<Messages>(`${failed.path}/messages`);
  expect(items[0]?.reason).toBe("The mail server refused the mail with status 550.");
  const contacts = await carrier.client.get<Contacts>(`${failed.path}/contacts`);
  expect(contacts.items).toHaveLength(1);
});
