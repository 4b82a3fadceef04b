import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Brief, LineDocument } from "@crossline/contracts";
import { canonicalJson } from "@crossline/domain";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { maskRun } from "./mask-run.ts";
import { type Stage, openStage } from "./stage.ts";
import { type Story, instant } from "./story.ts";

/*
 * Plays one story with and without the internal entries of one company. In both runs the other company gets equal
 * responses, exports, webhooks and Kafka records. The other company's outputs reveal neither the internal entries nor
 * their number.
 */

let stage: Stage;
const deliveredWebhooks = new Map<string, string[]>();
const webhooks = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const path = request.url ?? "";
    const { "webhook-id": id = "" } = request.headers;
    // An event that arrives before its offer waits in the database, which changes the order of the fields in the
    // event's JSON.
    const body = canonicalJson(JSON.parse(Buffer.concat(chunks).toString()));
    deliveredWebhooks.set(path, [...(deliveredWebhooks.get(path) ?? []), `${String(id)} ${body}`]);
    response.writeHead(204).end();
  });
});
beforeAll(async () => {
  stage = await openStage();
  webhooks.listen(0, "127.0.0.1");
  await once(webhooks, "listening");
});
afterAll(async () => {
  await stage?.close();
  webhooks.close();
});

const line = (vendor: string): LineDocument => ({
  line: "handheld-consumer",
  mode: "cross",
  calendar: "24x7",
  clocks: [
    { kind: "first-response", target: "PT30M", warnAt: [50] },
    { kind: "next-update", target: "PT1H", warnAt: [50] },
    { kind: "resolution", target: { critical: "PT4H", else: "PT8H" }, warnAt: [25] },
  ],
  crossing: [{ to: `queue:${vendor}.handheld`, mode: "ticket", acceptWithin: "PT30M", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
});

type Role = "carrier" | "vendor";
/** The responses, webhooks and records of one company, in order. */
type CompanyView = {
  readonly responses: readonly string[];
  readonly webhooks: readonly string[];
  readonly records: readonly string[];
};

/** One run of the story. `writer` is the company that writes ten internal entries during the story. */
class Run {
  readonly #story: Story;
  readonly #writer: Role | undefined;
  readonly #responses: Record<Role, string[]> = { carrier: [], vendor: [] };
  written = 0;
  #holder: Role = "carrier";

  private constructor(story: Story, writer: Role | undefined) {
    this.#story = story;
    this.#writer = writer;
  }

  static async begin(writer: Role | undefined): Promise<Run> {
    const run = new Run(await stage.story(line), writer);
    for (const role of ["carrier", "vendor"] as const) {
      const { timeline, cast } = run.#story;
      await cast[role].post("/v1/subscriptions", { url: run.#webhook(role), timeline });
    }
    return run;
  }

  #webhook(role: Role): string {
    const { port } = webhooks.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${this.#story.timeline}/${role}`;
  }

  /** Sends a command and stores the response, because a response also contains counts. */
  async act<Body>(role: Role, path: string, body: object): Promise<Body> {
    const response = await this.#story.cast[role].post<Body>(path, { person: `${role}-1`, ...body });
    this.#responses[role].push(JSON.stringify(response));
    return response;
  }

  /**
   * Writes one internal entry, whose kind changes with each call. A program writes the entry for the holder, because an
   * act of the holder's person restarts `stall.idle`.
   */
  async writeInternally(by: Role | undefined = this.#writer): Promise<void> {
    if (by === undefined || by !== this.#writer || this.written === 10) return;
    const text = `secret ${this.written}`;
    const kinds = [
      { kind: "note", text },
      { kind: "fact", fact: { name: `secret-${this.written}`, value: "1" }, subject: { name: "secret" } },
      { kind: "step-tried", step: { name: `secret-${this.written}`, parameters: {}, outcome: "failed" } },
      { kind: "message", text },
    ];
    const entry = kinds[this.written++ % kinds.length];
    await this.#story.cast[by].post(`${this.#story.path}/entries`, {
      ...entry,
      audience: "internal",
      automated: by === this.#holder,
    });
  }

  /** Reads every address of the case, its lists page by page, the vendor's queue, and the clocks at a past instant. */
  async readAll(role: Role): Promise<void> {
    const { path, timeline, cast } = this.#story;
    const lists = ["", "&sort=due", `&updatedSince=${encodeURIComponent(instant("09:06:30"))}`];
    const paths = [
      path,
      ...["clocks", "handoffs", "dossier"].map((part) => `${path}/${part}`),
      `${path}?include=nextDue`,
    ];
    const queue = `/v1/queues/${cast.vendorName}.handheld/handoffs`;
    for (const one of [
      ...paths,
      ...lists.map((more) => `/v1/cases?timeline=${timeline}${more}`),
      `${path}/clocks?at=${encodeURIComponent(instant("09:00"))}`,
      `/v1/problems?timeline=${timeline}`,
    ])
      await this.#read(role, one);
    if (role === "vendor") await this.#read(role, `${queue}?timeline=${timeline}`);
    for (const list of ["entries", "contacts", "handlings"]) {
      let next: string | undefined;
      do {
        const page = await this.#read(role, `${path}/${list}?limit=1${next === undefined ? "" : `&cursor=${next}`}`);
        ({ next } = JSON.parse(page) as { next?: string });
        if (next !== undefined) this.#responses[role].push(Buffer.from(next, "base64url").toString());
      } while (next !== undefined);
    }
  }

  async #read(role: Role, path: string): Promise<string> {
    const { carrierKey, vendorKey } = this.#story.cast;
    const headers = { authorization: `Bearer ${role === "carrier" ? carrierKey : (vendorKey ?? "")}` };
    const response = await fetch(new URL(path, stage.url), { headers });
    const text = await response.text();
    // The ids in cursors differ between runs, so the test compares decoded cursors.
    this.#responses[role].push(`${response.status} ${text.replaceAll(/"next":"[^"]*"/g, '"next":""')}`);
    return text;
  }

  async play(): Promise<this> {
    const story = this.#story;
    await story.open({ call: false, channel: "mail", carrierCaseId: "NT-1" });
    await this.writeInternally("carrier");
    const step = { name: "restart", parameters: {}, outcome: "failed" };
    await this.act("carrier", `${story.path}/entries`, { kind: "step-tried", step });
    await story.advance("09:05");
    await this.writeInternally("carrier");
    await this.act("carrier", `${story.path}/crossings`, {
      asOf: (await story.read()).version,
      reason: "please check",
    });
    await story.advance("09:06");
    await this.writeInternally();
    await this.#readBoth();
    await story.advance("09:07");
    await this.writeInternally();
    await this.#readBoth(); // The last event that both companies know was a minute ago.
    await this.act("carrier", `${story.path}/contacts`, { channel: "mail", direction: "outbound", content: "answer" });
    const { path, token } = await this.#accept();
    await this.act("vendor", `${story.path}/entries`, { kind: "fact", fact: { name: "board", value: "7" } });
    for (const [role, channel] of [
      ["vendor", "chat"],
      ["carrier", "phone"],
      ["carrier", "store"],
    ] as const)
      await this.act(role, `${story.path}/handlings`, { channel });
    await this.writeInternally();
    await this.act("carrier", `${story.path}/severity`, { severity: "critical", reason: "a hospital" });
    await story.advance("10:30"); // At 10:30 the clock `next-update` is overdue, and the handlings are silent.
    await this.writeInternally();
    await this.#readBoth();
    await this.act("vendor", `${path}/resolve`, { token, fixCode: "memory-full", note: "cleared" });
    this.#holder = "carrier";
    await this.act("carrier", `${story.path}/reopen`, { code: "other", reason: "dead again" });
    for (let more = this.written; more < (this.#writer === "carrier" ? 9 : 10); more++) await this.writeInternally();
    await story.advance("10:40");
    await this.#readBoth();
    await this.act("carrier", `${story.path}/close`, { note: "no time" });
    await story.advance("10:41");
    await this.writeInternally(); // The vendor's part has ended: it reads the case as of the closing.
    await story.advance("10:42");
    await this.#readBoth();
    return this;
  }

  async #readBoth(): Promise<void> {
    await this.readAll("vendor");
    await this.readAll("carrier");
  }

  async #accept(): Promise<{ readonly path: string; readonly token: number }> {
    const story = this.#story;
    const [offer] = await story.queue("handheld");
    const handoffId = offer?.handoffId ?? "";
    const path = story.handoffPath("handheld", handoffId);
    const { token } = await this.act<{ token: number }>("vendor", `${path}/claim`, {});
    await this.writeInternally();
    await this.act("vendor", `${path}/request-info`, {
      token,
      code: "missing-item",
      question: "Which colour?",
      items: [],
    });
    await this.act("carrier", `${story.path}/handoffs/${handoffId}/information`, { answer: "Blue" });
    await story.advance("09:10");
    const { brief } = await story.cast.vendor.get<{ brief: Brief }>(path);
    await this.act("vendor", `${path}/accept`, {
      token,
      engineer: { name: "Ada Lovett", contact: "ada@orchard.example" },
      vendorCaseId: "OR-1",
      nextStep: "check",
      eta: instant("23:00"),
      readBack: { problem: "dead", tried: "restart" },
      dossierVersion: brief.case.version,
    });
    this.#holder = "vendor";
    await this.writeInternally();
    return { path, token };
  }

  async viewOf(role: Role): Promise<CompanyView> {
    const { cast, timeline } = this.#story;
    const path = `/${timeline}/${role}`;
    const { carrierName, vendorName } = cast;
    const log = () => cast[role].get<{ items: { eventId: string; state: string }[] }>(`/v1/deliveries?limit=100`);
    const all = await waitFor(
      async () => {
        const { items } = await log();
        const isDone = items.length > 0 && items.every(({ state }) => state === "delivered");
        return isDone && deliveredWebhooks.get(path)?.length === items.length ? items : undefined;
      },
      { timeoutMs: 20_000, what: "every webhook delivered" },
    );
    const webhook = (deliveredWebhooks.get(path) ?? []).toSorted(inOrder);
    const events = all.map(({ eventId }) => eventId).toSorted(inOrder);
    const records = stage.received(role === "vendor" ? vendorName : "").map((record) => JSON.stringify(record));
    const groups = [this.#responses[role], [...webhook, ...events], records];
    const run = { [carrierName]: "northtel", [vendorName]: "orchard", [this.#webhook(role)]: "webhook" };
    const texts = maskRun(groups.flat(), run);
    const [first = 0, second = 0] = groups.map(({ length }) => length);
    return {
      responses: texts.slice(0, first),
      webhooks: texts.slice(first, first + second),
      records: texts.slice(first + second),
    };
  }
}

/** Webhooks arrive in any order, so the test sorts their texts, each of which begins with a topic and a number. */
function inOrder(one: string, other: string): number {
  return one.localeCompare(other, "en", { numeric: true });
}

test("⚠ ten internal entries of one company change nothing that the other company reads or receives", async () => {
  const quiet = await (await Run.begin(undefined)).play();
  const carriers = await (await Run.begin("carrier")).play();
  const vendors = await (await Run.begin("vendor")).play();
  expect([quiet, carriers, vendors].map(({ written }) => written)).toEqual([0, 10, 10]);
  const vendorsView = await quiet.viewOf("vendor");
  expect(vendorsView.webhooks.length).toBeGreaterThan(20);
  expect(JSON.stringify(vendorsView)).toContain("incarnation");
  expect(await carriers.viewOf("vendor")).toEqual(vendorsView);
  expect(await vendors.viewOf("carrier")).toEqual(await quiet.viewOf("carrier"));
  const own = JSON.stringify(await carriers.viewOf("carrier"));
  for (let number = 0; number < 10; number++) expect(own).toMatch(new RegExp(`secret.${number}`));
}, 120_000);
