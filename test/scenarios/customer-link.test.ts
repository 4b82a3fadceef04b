import { connect as connectSocket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { createAssertions } from "@crossline/access";
import type { CustomerLink, CustomerView, LoggedAction } from "@crossline/contracts";
import { connect } from "@crossline/postgres";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CommandResult, runHere } from "./command-run.ts";
import { handheld } from "./handheld-line.ts";
import { type Stage, openStage } from "./stage.ts";
import { type Story, instant } from "./story.ts";

/*
 * The customer of story 1 follows the case by a link, over the real services: from the opening to the confirmation. Nothing internal is
 * on the page, and only a valid link opens it.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ console: true, inProcess: true });
}, 60_000);
afterAll(() => stage?.close());

type Response = { readonly status: number; readonly body: any; readonly headers: Headers };

/** Sends a request with the token of a link, as the customer's browser does. */
async function sendAs(token: string, body?: object, key: string = crypto.randomUUID()): Promise<Response> {
  const response = await fetch(`${stage.url}/v1/customer-view${body === undefined ? "" : "/contacts"}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { "content-type": "application/json", "idempotency-key": key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

const linkOf = ({ cast, path }: Story, body: object = {}) =>
  cast.carrier.post<CustomerLink>(`${path}/customer-links`, body);
const tokenOf = ({ path }: CustomerLink): string => path.replace("/track#", "");

async function viewOf(token: string): Promise<CustomerView> {
  const { status, body } = await sendAs(token);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body as CustomerView;
}

/** Opens a case that Orchard has accepted, with internal texts of both companies. Returns the story and the token of a link. */
async function acceptedCase(): Promise<{ story: Story; token: string; desk: { handoffId: string; token: number } }> {
  const story = await stage.story(handheld);
  await story.open({ call: false, channel: "web" });
  const token = tokenOf(await linkOf(story, { zone: "America/Toronto" }));
  const { cast, path } = story;
  await story.write({ kind: "note", audience: "internal", text: "INTERNAL thought of a rep" });
  await story.write({ kind: "note", audience: "partners", text: "INTERNAL note to partners" });
  await story.write({ kind: "note", audience: "customer", text: "Please keep the handheld on." });
  const promise = { text: "A call by a specialist", from: instant("10:00"), until: instant("11:00") };
  await cast.carrier.post(`${path}/promises`, { person: "INTERNAL-rep", ...promise });
  await story.advance("09:10");
  const { version } = await story.read();
  await cast.carrier.post(`${path}/crossings`, { asOf: version, reason: "INTERNAL reason" });
  await story.advance("09:11");
  const [offer] = await story.handoffs();
  const handoffId = offer?.handoffId ?? "";
  const claim = await story.claim("handheld", handoffId);
  await story.accept("handheld", handoffId, claim);
  return { story, token, desk: { handoffId, token: claim.token } };
}

const resolveAsVendor = ({ story, desk }: Awaited<ReturnType<typeof acceptedCase>>) =>
  story.cast.vendor.post(`${story.handoffPath("handheld", desk.handoffId)}/resolve`, {
    token: desk.token,
    person: "INTERNAL-engineer",
    fixCode: "internal-fix-code",
    note: "INTERNAL note of the fix",
  });

describe("the customer's screen", () => {
  test("shows the holder, the history and the next answer, from the opening to the confirmation", async () => {
    const accepted = await acceptedCase();
    const { story, token } = accepted;
    const working = await viewOf(token);
    expect(working).toMatchObject({
      title: "Handheld is dead",
      carrier: "northtel",
      situation: "in-progress",
      text: "orchard works on your case.",
      holder: { name: "orchard", since: "2026-03-07T14:11:00Z" },
      nextAnswer: { by: "2026-03-07T16:00:00Z", name: "northtel", promised: true, late: false },
      acts: ["add"],
      missing: [],
      stepped: true,
      at: "2026-03-07T14:11:00Z",
      zone: "America/Toronto",
    });
    expect(working.steps.map(({ text, words }) => (words === undefined ? text : `${text} ${words}`))).toEqual([
      "northtel opened your case.",
      "northtel wrote to you. Please keep the handheld on.",
      "northtel made you a promise. A call by a specialist",
      "Your case went to orchard.",
    ]);

    await resolveAsVendor(accepted);
    expect(await viewOf(token)).toMatchObject({ situation: "resolved", acts: ["works", "still-broken", "add"] });
    const broken = await sendAs(token, { act: "still-broken", text: "It is dead again." });
    expect(broken).toMatchObject({ status: 201, body: { act: "still-broken", situation: "reopened" } });
    const reopened = await viewOf(token);
    expect(reopened).toMatchObject({ situation: "reopened", holder: { name: "northtel" }, acts: ["add"] });
    expect(reopened.steps.slice(-2)).toMatchObject([
      { kind: "reopened" },
      { kind: "you-disagreed", text: "You reported that it is still broken.", words: "It is dead again." },
    ]);

    await story.cast.carrier.post(`${story.path}/status`, { status: "resolved", fixCode: "memory-full" });
    expect(await sendAs(token, { act: "works" })).toMatchObject({ status: 201, body: { situation: "closed" } });
    const closed = await viewOf(token);
    expect(closed).toMatchObject({ situation: "closed", acts: ["add"] });
    expect(closed.holder).toBeUndefined();
    expect(JSON.stringify([working, reopened, closed])).not.toMatch(/internal|rep-17|INTERNAL|Ada|eng-4|stall|cs_/i);
  });

  test("an act follows the rules of a contact that the carrier records, with the customer as the acting side", async () => {
    const { story, token } = await acceptedCase();
    const { carrier } = story.cast;
    await sendAs(token, { act: "add", text: "It also\nbecomes warm." });
    const { items: contacts } = await carrier.get<{ items: any[] }>(`${story.path}/contacts`);
    expect(contacts.at(-1)).toMatchObject({ channel: "web", direction: "inbound", content: "inquiry" });
    const { items: entries } = await carrier.get<{ items: any[] }>(`${story.path}/entries`);
    expect(entries.find(({ by }) => by === "customer")).toMatchObject({
      kind: "message",
      audience: "customer",
      text: "It also\nbecomes warm.",
    });
    // The vendor reads the customer's words too, because they are in the shared chain.
    const { items: read } = await story.cast.vendor.get<{ items: any[] }>(`${story.path}/entries`);
    expect(read.some(({ text }) => text === "It also\nbecomes warm.")).toBe(true);
  });

  test("on the wall timeline, the next view has the act, also its history", async () => {
    const { client } = await stage.party("wall", "carrier");
    for (let round = 0; round < 5; round += 1) {
      const body = { carrierCaseId: `W-${round}`, title: "No signal", channel: "web" };
      const { id } = await client.post<{ id: string }>("/v1/cases", body);
      const token = tokenOf(await client.post<CustomerLink>(`/v1/cases/${id}/customer-links`));
      await sendAs(token, { act: "add", text: "More" });
      const { steps, stepped } = await viewOf(token);
      expect({ stepped, words: steps.map(({ words }) => words) }).toEqual({
        stepped: false,
        words: [undefined, "More"],
      });
    }
  });

  test("the view and the refusals of a merged case do not name the other case", async () => {
    const { client } = await stage.party("merger", "carrier");
    const open = async (carrierCaseId: string) =>
      (await client.post<{ id: string }>("/v1/cases", { carrierCaseId, title: "No signal", channel: "web" })).id;
    const [source, target] = [await open("M-1"), await open("M-2")];
    const token = tokenOf(await client.post<CustomerLink>(`/v1/cases/${source}/customer-links`));
    await client.post(`/v1/cases/${source}/merge`, { into: target, reason: "the same" });
    const view = await viewOf(token);
    expect(view).toMatchObject({ situation: "continued", acts: [] });
    const refused = await sendAs(token, { act: "add", text: "x" });
    expect(refused).toMatchObject({ status: 409, body: { code: "illegal_transition" } });
    expect(JSON.stringify([view, refused.body])).not.toMatch(/cs_|M-2/);
  });

  test("a deadline that has passed stays on the page as late", async () => {
    const { story, token } = await acceptedCase();
    await story.advance("11:30");
    expect((await viewOf(token)).nextAnswer).toEqual({
      by: "2026-03-07T16:00:00Z",
      name: "northtel",
      promised: true,
      late: true,
    });
  });

  test("a repeated act is recorded once, and an act that is no longer possible changes nothing", async () => {
    const accepted = await acceptedCase();
    await resolveAsVendor(accepted);
    const { story, token } = accepted;
    const key = crypto.randomUUID();
    const first = await sendAs(token, { act: "works" }, key);
    const again = await sendAs(token, { act: "works" }, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const before = await story.read();
    expect(await sendAs(token, { act: "still-broken", text: "No" })).toMatchObject({
      status: 409,
      body: { code: "illegal_transition" },
    });
    expect(await story.read()).toEqual(before);
  });

  test("wrong acts are refused with the field, and the sixth act in a minute with 429", async () => {
    const { token } = await acceptedCase();
    for (const body of [{ act: "add" }, { act: "add", text: "x".repeat(2_001) }, { act: "close", text: "x" }, {}])
      expect((await sendAs(token, body)).status).toBe(400);
    const statuses: number[] = [];
    for (let act = 0; act < 6; act += 1) statuses.push((await sendAs(token, { act: "add", text: `${act}` })).status);
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
  });
});

describe("only a valid link opens the page", () => {
  const invalid = { status: 401, body: { code: "unauthenticated" } };

  test("a forged, a foreign and an ended link, an API key and an assertion are refused alike", async () => {
    const { story, token } = await acceptedCase();
    const [head = "", claims = "", signature = ""] = token.split(".");
    const content = JSON.parse(Buffer.from(claims, "base64url").toString());
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const session = { id: "ss_1", person: "lead", roles: ["lead" as const], seal: "x" };
    const holder = { party: story.cast.carrierName, kind: "carrier" as const, keyId: "ss_1", session };
    const assertion = await createAssertions(stage.internalKey).sign({ ...holder, scopes: ["read"] });
    const forged = [
      `${head}.${encode({ ...content, sub: `cs_${"0".repeat(26)}` })}.${signature}`,
      `${head}.${encode({ ...content, exp: content.exp + 1 })}.${signature}`,
      `${encode({ alg: "none" })}.${claims}.`,
      `${head}.${claims}.${signature.slice(0, -2)}AA`,
      story.cast.carrierKey,
      assertion,
      "x",
    ];
    const refused = await Promise.all(forged.map((one) => sendAs(one)));
    expect(new Set(refused.map(({ body }) => body.detail)).size).toBe(1);
    for (const response of refused) expect(response).toMatchObject(invalid);
    expect(await sendAs(forged[0] ?? "", { act: "add", text: "x" })).toMatchObject(invalid);

    await viewOf(token);
    await story.cast.carrier.delete(`${story.path}/customer-links`);
    expect(await sendAs(token)).toMatchObject(invalid);
    expect(await sendAs(token, { act: "add", text: "x" })).toMatchObject(invalid);
    await viewOf(tokenOf(await linkOf(story)));
  });

  test("customers and visitors whose requests arrive slowly take no place of others", async () => {
    const { token } = await acceptedCase();
    const { port } = new URL(stage.url);
    const paths = ["/v1/customer-view/contacts", "/v1/session"];
    const slow = paths.flatMap((path) =>
      Array.from({ length: 70 }, () => {
        const socket = connectSocket(Number(port), "127.0.0.1").on("error", () => undefined);
        const headers = [`authorization: Bearer ${token}`, "content-type: application/json", "content-length: 20"];
        socket.write([`POST ${path} HTTP/1.1`, "host: x", ...headers, "", "{"].join("\r\n"));
        return socket;
      }),
    );
    await delay(500);
    await viewOf(token);
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ token: "x".repeat(43) });
    expect((await fetch(`${stage.url}/v1/session`, { method: "POST", headers, body })).status).toBe(401);
    for (const socket of slow) socket.destroy();
  });

  test("a link expires, and a link for more than 90 days is refused", async () => {
    const { story } = await acceptedCase();
    const token = tokenOf(await linkOf(story, { expiresIn: "PT2S" }));
    await viewOf(token);
    await waitFor(async () => (await sendAs(token)).status === 401, { timeoutMs: 10_000, what: "the end of the link" });
    await expect(linkOf(story, { expiresIn: "P91D" })).rejects.toThrow(/invalid_request|400|P91D|expiresIn/);
  });

  test("the token is no API key, and opens nothing else", async () => {
    const { story, token } = await acceptedCase();
    const statuses = await Promise.all(
      ["/v1/me", story.path, "/v1/cases", `${story.path}/journal`].map(
        async (path) => (await fetch(stage.url + path, { headers: { authorization: `Bearer ${token}` } })).status,
      ),
    );
    expect(statuses).toEqual([401, 401, 401, 401]);
  });

  test("only the carrier makes and ends links, and both are in its action log", async () => {
    const { story, token } = await acceptedCase();
    const { vendor, carrierName, vendorName } = story.cast;
    await expect(vendor.post(`${story.path}/customer-links`, {})).rejects.toThrow(/carrier/);
    await expect(vendor.delete(`${story.path}/customer-links`)).rejects.toThrow(/carrier/);
    await sendAs(token, { act: "add", text: "PRIVATE words" });
    await story.cast.carrier.delete(`${story.path}/customer-links`);
    const database = connect({ url: stage.databaseUrl, schema: "console", applicationName: "customer-link-test" });
    const rowsOf = async (party: string): Promise<LoggedAction[]> =>
      (
        await database.query<{ content: LoggedAction }>({
          text: "select content from action where party = $1 order by number",
          values: [party],
        })
      ).map(({ content }) => content);
    const ofLinks = await waitFor(
      async () => {
        const rows = (await rowsOf(carrierName)).filter(({ operation }) => /CustomerLink/.test(operation));
        return rows.length === 2 ? rows : undefined;
      },
      { timeoutMs: 10_000 },
    );
    expect(ofLinks.map(({ operation, case: caseId, kind }) => ({ operation, caseId, kind }))).toEqual([
      { operation: "createCustomerLink", caseId: story.caseId, kind: "command" },
      { operation: "endCustomerLinks", caseId: story.caseId, kind: "command" },
    ]);
    const all = JSON.stringify([await rowsOf(carrierName), await rowsOf(vendorName)]);
    expect(all).not.toContain(token);
    expect(all).not.toContain("PRIVATE");
    await database.close();
  });
});

test("`crossline case link` prints a link that works, and ends all links", async () => {
  const { story } = await acceptedCase();
  const settings = { CROSSLINE_KEY: story.cast.carrierKey, CROSSLINE_URL: stage.url };
  const link = (...more: string[]): Promise<CommandResult> => runHere(settings, "case", "link", story.caseId, ...more);
  const printed = await link("--expires-in", "PT1H", "--zone", "Europe/Vienna");
  expect(printed).toMatchObject({ code: 0, err: "" });
  const [url = ""] = printed.out.split("\n");
  expect(url.startsWith(`${stage.url}/track#`)).toBe(true);
  const token = url.split("#")[1] ?? "";
  expect(await viewOf(token)).toMatchObject({ zone: "Europe/Vienna" });
  const { out } = await link("--json");
  expect(JSON.parse(out)).toMatchObject({ caseId: story.caseId, url: expect.stringContaining("/track#") });
  expect(await link("--end")).toMatchObject({ code: 0, out: expect.stringContaining("have ended") });
  expect((await sendAs(token)).status).toBe(401);
});
