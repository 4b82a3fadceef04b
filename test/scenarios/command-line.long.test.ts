import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CaseHandoffs, PresentedCase, QueueHandoff } from "@crossline/contracts";
import { kafkaBrokers, waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type CommandResult, runHere, runProcess } from "./command-run.ts";
import { type Stage, openStage, operatorKey } from "./stage.ts";

/* Runs the verbs of the command line against the real services. Exit codes and the file of the keys need real processes. */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, insight: true, console: true });
}, 120_000);
afterAll(() => stage?.close());

/** Makes a folder for one test. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "crossline-command-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Returns the JSON document that a successful verb has printed. */
function documentOf({ code, out, err }: CommandResult): unknown {
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out) as unknown;
}

const uniqueName = (name: string): string => `${name}-${Math.random().toString(36).slice(2, 8)}`;

test("after bootstrap a newcomer opens the first case, and a second run changes nothing", async () => {
  const folder = temporaryFolder();
  const [carrier, vendor] = [uniqueName("northtel"), uniqueName("orchard")];
  const parts = [carrier, "--person", "Ada Lovett", "--mail", "ada@northtel.example", "--vendor", vendor];
  const command = ["bootstrap", ...parts, "--url", stage.url];
  const repeat = (...more: string[]) =>
    runHere({ OPERATOR_KEY: operatorKey }, ...command, "--env-file", join(folder, ".env"), ...more);

  const first = await runProcess(folder, { OPERATOR_KEY: operatorKey }, ...command);
  expect(first).toMatchObject({ code: 0, err: "" });
  expect(first.out).toContain(`» carrier ${carrier}: made`);
  expect(first.out).toContain(`» queue ${vendor}.handheld, open to ${carrier}: made`);
  expect(first.out).toContain(
    ".env now has CROSSLINE_KEY, CROSSLINE_PERSON, CROSSLINE_URL, CROSSLINE_VENDOR_KEY. Only your account",
  );
  const settings = readFileSync(join(folder, ".env"), "utf8");
  const [, key = ""] = /^CROSSLINE_KEY=(.+)$/m.exec(settings) ?? [];
  expect(key).toMatch(new RegExp(`^xl_${carrier}_`));
  expect(first.out).not.toContain(key);
  expect(statSync(join(folder, ".env")).mode & 0o777).toBe(0o600);

  const opened = documentOf(
    await runProcess(folder, {}, "case", "open", "--title", "No signal after update", "--live", "--json"),
  ) as PresentedCase;
  expect(opened).toMatchObject({ carrier, holder: carrier, line: { name: "handheld-consumer", version: 1 } });
  const shown = await runProcess(folder, {}, "case", "show", opened.id);
  expect(shown).toMatchObject({ code: 0, err: "" });
  expect(shown.out).toMatch(/^ {2}held by +northtel-/m);
  expect(shown.out).toMatch(/^ {2}stall\.busy +running +northtel-\w+ +(?:19 min \d+|20 min 0) s/m);

  const second = documentOf(await repeat("--json")) as { written: string[]; steps: { made: boolean }[] };
  expect(second.written).toEqual([]);
  expect(second.steps.length).toBeGreaterThan(6);
  expect(second.steps.filter(({ made }) => made)).toEqual([]);
  expect(readFileSync(join(folder, ".env"), "utf8")).toBe(settings);

  writeFileSync(join(folder, ".env"), settings.replace(key, "xl_of_another_installation"));
  const refused = await repeat();
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining("--force replaces it") as string });
  expect(await repeat("--force")).toMatchObject({ code: 0, err: "" });
  expect(readFileSync(join(folder, ".env"), "utf8")).toMatch(new RegExp(`^CROSSLINE_KEY=xl_${carrier}_`, "m"));
}, 120_000);

test("a carrier without a vendor gets a line that pages its first person", async () => {
  const folder = temporaryFolder();
  const carrier = uniqueName("lumen");
  const parts = ["--person", "Sanne Vos", "--webhook", "https://pager.lumen.example/", "--template", "inquiry"];
  const where = ["--url", stage.url, "--env-file", join(folder, "keys.env")];
  const made = await runHere({ OPERATOR_KEY: operatorKey }, "bootstrap", carrier, ...parts, ...where, "--json");
  expect(documentOf(made)).toMatchObject({
    carrier,
    line: "inquiry",
    written: expect.arrayContaining(["CROSSLINE_KEY"]) as [],
  });
  const [, key = ""] = /^CROSSLINE_KEY=(.+)$/m.exec(readFileSync(join(folder, "keys.env"), "utf8")) ?? [];
  const settings = { CROSSLINE_KEY: key, CROSSLINE_URL: stage.url };
  const onDuty = await runHere(settings, "roster", "show", "duty");
  expect(onDuty.out).toMatch(/^ {2}sanne-vos +Sanne Vos +– +https:\/\/pager\.lumen\.example\//m);
  const week = documentOf(await runHere(settings, "roster", "week", "duty", "--json")) as {
    spans: unknown[];
    uncovered: unknown[];
  };
  expect(week).toMatchObject({ spans: [{ people: { "layer-1": "sanne-vos" } }], uncovered: [] });

  const { id } = documentOf(
    await runHere(settings, "case", "open", "--title", "A question", "--json"),
  ) as PresentedCase;
  expect(await runHere(settings, "case", "cross", id)).toMatchObject({ code: 0 });
  const taken = await waitFor(
    async () => {
      const result = await runHere(settings, "case", "take", id, "--name", "Sanne Vos", "--contact", "+1 416 555 0100");
      return result.code === 0 ? result.out : undefined;
    },
    { what: "routing has paged the person" },
  );
  expect(taken).toContain(": Sanne Vos has the case.");
});

test("a desk works on a hand-off from a shell, and the carrier sees each step", async () => {
  const carrier = await stage.party("northtel", "carrier");
  const vendor = await stage.party("orchard", "vendor");
  const queue = `${vendor.party}.handheld`;
  await waitFor(() => vendor.client.put(`/v1/queues/${queue}`, {}), { what: "the vendor's key" });
  const line = {
    line: "phones",
    calendar: "24x7",
    clocks: [{ kind: "stall.idle", target: "PT2H" }],
    crossing: [{ to: `queue:${queue}`, acceptWithin: "PT1H" }],
    lastResort: ["https://duty.northtel.example/"],
  };
  await waitFor(() => carrier.client.post("/v1/lines", line), { what: "the carrier's key" });
  const rep = (...args: string[]) =>
    runHere({ CROSSLINE_KEY: carrier.key, CROSSLINE_URL: stage.url, CROSSLINE_PERSON: "rep-7" }, ...args);
  const desk = (...args: string[]) =>
    runHere({ CROSSLINE_VENDOR_KEY: vendor.key, CROSSLINE_URL: stage.url, CROSSLINE_PERSON: "desk-3" }, ...args);

  const file = join(temporaryFolder(), "case.yaml");
  writeFileSync(file, `carrierCaseId: NT-4711\ntitle: Screen stays dark\nchannel: store\nline: phones\n`);
  const opened = documentOf(
    await rep("case", "open", file, "--vendor", vendor.party, "--model", "Handheld 8700", "--json"),
  ) as PresentedCase;
  expect((await rep("case", "note", "NT-4711", "out of memory?", "--kind", "hypothesis", "--by-customer")).out).toMatch(
    /^NT-4711: the hypothesis is added \(en_\w+\)\. The case is \w+, version \d+\.$/m,
  );
  expect(await rep("case", "step", "NT-4711", "restart", "failed")).toMatchObject({ code: 0 });
  expect(await rep("case", "contact", "NT-4711", "phone")).toMatchObject({ code: 0 });
  expect(await rep("case", "cross", opened.id, "--reason", "The rep does not know the cause.")).toMatchObject({
    code: 0,
  });

  const offer = await waitFor(
    async () => (documentOf(await desk("queue", "list", queue, "--json")) as QueueHandoff[])[0],
    {
      what: "the offer",
    },
  );
  expect((await desk("queue", "list")).out).toMatch(new RegExp(`^ {2}${queue} +1 +0 +0 `, "m"));
  expect((await desk("queue", "list", queue, "--sort", "due")).out).toMatch(
    /ho_\w+ +offered +in (?:1 h 0|59) min .*Screen stays dark/,
  );
  expect((await desk("queue", "show", offer.handoffId)).out).toMatch(/customer +hypothesis: out of memory\?/);
  const early = await desk("queue", "release", offer.handoffId);
  expect(early).toMatchObject({ code: 1, err: expect.stringContaining("queue claim") as string });
  expect((await desk("queue", "claim", offer.handoffId)).out).toContain("The claim is yours until");
  const stranger = await desk("queue", "claim", offer.handoffId, "--person", "desk-4");
  expect(stranger).toMatchObject({ code: 3, err: expect.stringContaining("already_claimed") as string });
  expect(await desk("queue", "release", offer.handoffId)).toMatchObject({ code: 0 });
  expect((await desk("queue", "claim", offer.handoffId)).code).toBe(0);
  const readBack = ["--problem", "The handheld is out of memory", "--tried", "A restart"];
  const engineer = ["--engineer", "Ada Lovett", "--contact", "ada@orchard.example", "--number", "OR-1"];
  const next = ["--next", "Free the memory", "--eta", new Date(Date.now() + 3_600_000).toISOString()];
  const accepted = await desk("queue", "accept", offer.handoffId, ...engineer, ...next, ...readBack);
  expect(accepted).toMatchObject({ code: 0, out: expect.stringContaining(": accepted at ") as string });
  expect(await desk("queue", "solve", offer.handoffId, "--fix", "memory-full")).toMatchObject({ code: 0 });

  await waitFor(
    async () => {
      const shown = documentOf(await rep("case", "show", "NT-4711", "--json")) as {
        case: PresentedCase;
        handoffs: CaseHandoffs;
      };
      return shown.case.status === "resolved" && shown.handoffs.handoffs[0]?.phase === "resolved";
    },
    { what: "the resolution" },
  );
  const text = (await rep("case", "show", "NT-4711")).out;
  expect(text).toMatch(/^ {2}fix +memory-full$/m);
  expect(text).toMatch(/tried|restart: failed/);
  expect(await rep("case", "confirm", "NT-4711")).toMatchObject({ code: 0 });
  const late = await rep("case", "close", "NT-4711");
  expect(late).toMatchObject({ code: 3, err: expect.stringContaining("illegal_transition") as string });
  const listed = documentOf(await rep("case", "list", "--status", "closed", "resolved", "--json")) as PresentedCase[];
  expect(listed.map(({ carrierCaseId }) => carrierCaseId)).toEqual(["NT-4711"]);
  await waitFor(async () => (await rep("case", "list", "--sort", "due")).out === "No case matches.\n", {
    what: "the timer has read the closing",
  });

  const another = documentOf(
    await rep("case", "open", "--title", "No signal", "--line", "phones", "--json"),
  ) as PresentedCase;
  expect(await rep("case", "cross", another.id)).toMatchObject({ code: 0 });
  const { handoffId } = await waitFor(
    async () => (documentOf(await desk("queue", "list", queue, "--json")) as QueueHandoff[])[0],
    { what: "the second offer" },
  );
  expect(await desk("queue", "claim", handoffId)).toMatchObject({ code: 0 });
  expect(await desk("queue", "accept", handoffId, ...engineer, ...next, ...readBack)).toMatchObject({ code: 0 });
  const evidence = [
    "--test",
    "A trace of the radio",
    "--result",
    "The network refused it",
    "--unless",
    "It accepts it",
  ];
  const returned = await desk("queue", "return", handoffId, "--code", "not-our-fault", ...evidence);
  expect(returned).toMatchObject({ code: 0, out: expect.stringContaining(": returned at ") as string });
}, 120_000);

test("a rep keeps a promise, and resolves and reopens a case from a shell", async () => {
  const carrier = await stage.party("northtel", "carrier");
  const rep = (...args: string[]) => runHere({ CROSSLINE_KEY: carrier.key, CROSSLINE_URL: stage.url }, ...args);
  const needBy = new Date(Date.now() + 86_400_000).toISOString();
  const opened = await rep("case", "open", "--title", "Keys are spent", "--number", "NT-1", "--need-by", needBy);
  expect(opened.out).toMatch(/^NT-1 is open: cs_\w+\nIts line is default@1 \(builtin/);
  const promised = await rep("case", "promise", "NT-1", "New keys at 07:30", "--until", needBy, "--for", "need-by");
  const [, promise = ""] = /\((pr_\w+)\)/.exec(promised.out) ?? [];
  expect((await rep("case", "show", "NT-1")).out).toMatch(/pr_\w+ +northtel-\w+ +open .*New keys at 07:30/);
  const delivered = await rep("case", "deliver", "NT-1", promise, "The developer has the keys.");
  expect(delivered.out).toContain("NT-1: the promise is kept");
  expect(await rep("case", "resolve", "NT-1", "--fix", "new-keys")).toMatchObject({ code: 0 });
  const reopened = await rep("case", "reopen", "NT-1", "wrong-fix", "The keys are for another device.");
  expect(reopened.out).toContain("The case is reopened");
}, 120_000);

test("each kind of failure has its exit code, and a refusal names the fields and the request", async () => {
  const folder = temporaryFolder();
  const { key } = await stage.party("northtel", "carrier");
  const settings = { CROSSLINE_URL: stage.url, CROSSLINE_KEY: key };
  const usage = await runHere(settings, "case", "list", "--sort", "age");
  const absent = await runHere(settings, "case", "show", "NT-0");
  const refused = await runProcess(folder, settings, "case", "open", "--title", "No signal", "--symptom", "No Signal");
  const wrongKey = await runHere({ ...settings, CROSSLINE_KEY: "xl_unknown" }, "case", "list");
  const unreachable = await runProcess(folder, { ...settings, CROSSLINE_URL: "http://127.0.0.1:9" }, "case", "list");
  expect(usage).toMatchObject({ code: 2, out: "" });
  expect(absent).toMatchObject({ code: 4, out: "" });
  expect(refused).toMatchObject({ code: 3, out: "" });
  expect(refused.err).toMatch(
    /^\nThe request does not have the required form \(invalid_request, 400\)\n.*\n {2}\/symptom .*\nRequest id: [0-9a-f-]{36}\n$/,
  );
  expect(wrongKey).toMatchObject({ code: 5, err: expect.stringContaining("This API key is unknown.") as string });
  expect(unreachable).toMatchObject({ code: 6, err: expect.stringContaining("crossline doctor") as string });
}, 120_000);

test("doctor finds nothing in a sound installation, and names each fault with its remedy", async () => {
  const { key } = await stage.party("northtel", "carrier");
  const brokers = await kafkaBrokers();
  const sound = {
    OPERATOR_KEY: operatorKey,
    INTERNAL_KEY: stage.internalKey,
    CROSSLINE_KEY: key,
    CROSSLINE_VENDOR_KEY: "",
    DATABASE_URL: stage.databaseUrl,
    ...(brokers !== undefined && { KAFKA_BROKERS: brokers.join(",") }),
  };
  type Report = { ok: boolean; results: { check: string; state: string; found: string }[] };
  const report = documentOf(await runHere(sound, "doctor", "--url", stage.url, "--json")) as Report;
  const faults = report.results.filter(({ state, check }) => state !== "ok" && (check !== "Kafka" || brokers));
  // The Kafka of the tests has no users, and doctor says so.
  const openKafka = expect.objectContaining({
    check: "Kafka's rights",
    state: "warning",
    remedy: "set KAFKA_USER",
  }) as object;
  expect(faults).toEqual(brokers === undefined ? [] : [openKafka]);
  expect(report.results.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      "Node",
      "PostgreSQL",
      "clocks",
      "Kafka",
      "insight",
      "intake",
      "company's key",
      "outbox",
      "lag",
    ]),
  );
  const faulty = { ...sound, CROSSLINE_KEY: "xl_unknown", DATABASE_URL: "postgres://absent@127.0.0.1:9/none" };
  const found = await runHere(faulty, "doctor", "--url", stage.url);
  expect(found.code).toBe(1);
  expect(found.out).toMatch(/^fault {4}PostgreSQL: does not respond at 127\.0\.0\.1:9.*To do: check DATABASE_URL/m);
  expect(found.out).toMatch(/^fault {4}company's key: is not accepted at .*To do: /m);
  expect(found.out).toMatch(/^ok {7}timer: ready at /m);
}, 120_000);
