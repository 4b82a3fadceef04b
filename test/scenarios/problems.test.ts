import { ResponseFault } from "@crossline/cli";
import type { LineDocument, PresentedProblem, ProblemDetail } from "@crossline/contracts";
import { waitFor } from "@crossline/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runHere } from "./command-run.ts";
import { type Stage, openStage } from "./stage.ts";
import type { Story } from "./story.ts";

/*
 * Story 3. The online process of a carrier forgets to ask for the activation code, again and again. The carrier's people own the
 * problem until the vendor gets the workaround with each case, and the carrier reads how often the workaround helps.
 */

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage?.close());

const online = (vendor: string): LineDocument => ({
  line: "online",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "stall.idle", target: "P5D", warnAt: [] }],
  crossing: [{ to: `queue:${vendor}.broadband`, mode: "ticket", repeat: 1 }],
  lastResort: ["https://duty.northtel.example/"],
  requires: [{ item: "activation-code", from: "carrier" }],
  problems: { missing: 3, returned: 2, within: "P7D", investigateWithin: "P2D" },
});

const reason = "of the story";
const workaround = "The code is printed inside the lid of the box.";
const fixCode = "code-from-box";
const person = "lead-1";

/** Opens a case that lacks the activation code. Returns its id. */
async function open(story: Story, more: Record<string, unknown> = {}): Promise<string> {
  await story.open({
    call: false,
    channel: "web",
    symptom: "no-broadband",
    subject: { customerId: crypto.randomUUID() },
    ...more,
  });
  return story.caseId;
}

const supplied = async (story: Story): Promise<void> => {
  await story.write({ kind: "fact", fact: { name: "activation-code", value: "4711" } });
};

async function problems(story: Story): Promise<PresentedProblem[]> {
  return (await story.cast.carrier.get<{ items: PresentedProblem[] }>(`/v1/problems?timeline=${story.timeline}`)).items;
}
const read = (story: Story, id: string) => story.cast.carrier.get<ProblemDetail>(`/v1/problems/${id}`);
const command = (story: Story, id: string, path: string, body: Record<string, unknown>) =>
  story.cast.carrier.post(`/v1/problems/${id}/${path}`, { person, reason, ...body });
const post = (story: Story, caseId: string, path: string, body: Record<string, unknown> = {}) =>
  story.cast.carrier.post(`/v1/cases/${caseId}/${path}`, body);
const resolve = (story: Story, caseId: string, fix?: string) =>
  post(story, caseId, "status", { status: "resolved", ...(fix !== undefined && { fixCode: fix }) });
const knownErrorsOf = async (story: Story, caseId: string) =>
  (await story.cast.carrier.get<{ knownErrors?: { outcome?: string }[] }>(`/v1/cases/${caseId}`)).knownErrors ?? [];

async function openedProblem(story: Story): Promise<string> {
  for (let number = 0; number < 3; number++) await open(story);
  const [problem] = await problems(story);
  return problem?.id ?? "";
}

test("the same item missing three times from one channel opens one problem, and its workaround is in the next brief and counted when it works", async () => {
  const story = await stage.story(online);
  const early = [await open(story), await open(story)];
  expect(await problems(story)).toEqual([]);
  const third = await open(story);
  await open(story, { channel: "phone" }); // another channel
  const [problem, ...others] = await problems(story);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    status: "new",
    source: "missing-item",
    channel: "web",
    item: "activation-code",
    cases: 3,
    caseId: third,
    investigateBy: "2026-03-09T14:00:00Z",
    overdue: false,
  });
  const id = problem?.id ?? "";
  const fourth = await open(story);
  const linked = await read(story, id);
  expect(linked.counts).toEqual({ linked: 4, offered: 0, worked: 0, failed: 0 });
  expect(linked.linkedCases.map(({ caseId }) => caseId).toSorted()).toEqual([...early, third, fourth].toSorted());

  await command(story, id, "owner", { owner: "lead-2" });
  await command(story, id, "known-error", { workaround, fixCode });
  const known = await read(story, id);
  expect(known).toMatchObject({ status: "known-error", owner: "lead-2", knownError: { workaround, fixCode } });
  expect(known.investigateBy).toBeUndefined();
  expect(known.counts).toMatchObject({ linked: 4, offered: 4 }); // The open cases got the workaround too.

  const next = await open(story);
  expect(await knownErrorsOf(story, next)).toMatchObject([{ workaround, fixCode }]);
  const phone = await open(story, { channel: "phone" });
  expect(await knownErrorsOf(story, phone)).toEqual([]);
  story.caseId = next;
  const { version } = await story.read();
  await post(story, next, "crossings", { asOf: version });
  await story.advance("09:30");
  const [offer] = await story.queue("broadband");
  expect(offer?.brief.workarounds).toEqual([{ workaround, fixCode }]);
  expect(JSON.stringify(offer)).not.toContain(id);
  const record = await waitFor(() => stage.received(story.cast.vendorName)[0]);
  expect(record.data).toMatchObject({ brief: { workarounds: [{ workaround, fixCode }] } });
  expect(JSON.stringify(record)).not.toContain(id);

  const claim = await story.claim("broadband", offer?.handoffId ?? "");
  await story.accept("broadband", offer?.handoffId ?? "", claim);
  await story.cast.vendor.post(`${story.handoffPath("broadband", offer?.handoffId ?? "")}/resolve`, {
    token: claim.token,
    fixCode,
  });
  await story.advance("09:31");
  expect((await read(story, id)).counts).toMatchObject({ offered: 5, worked: 0, failed: 0 });
  await post(story, next, "confirm");
  expect((await read(story, id)).counts).toMatchObject({ offered: 5, worked: 1, failed: 0 });

  await resolve(story, third, fixCode);
  await post(story, third, "reopen", { code: "came-back", reason: "still broken" });
  story.caseId = fourth;
  await story.write({ kind: "step-tried", step: { name: fixCode, outcome: "worked" } });
  expect((await read(story, id)).counts).toMatchObject({ offered: 5, worked: 2, failed: 1 });

  await command(story, id, "status", { status: "resolved" });
  expect(await knownErrorsOf(story, await open(story))).toEqual([]);
  await command(story, id, "status", { status: "closed" });
  const { history } = await read(story, id);
  expect(history.map(({ change, from, to }) => [change, from, to])).toEqual([
    ["opened", undefined, "new"],
    ["owner", "new", "investigating"],
    ["known-error", "investigating", "known-error"],
    ["status", "known-error", "resolved"],
    ["status", "resolved", "closed"],
  ]);
  await story.advance("09:40");
  await open(story);
  await open(story);
  expect(await problems(story)).toHaveLength(1); // The count begins again after the end of the problem.
  await open(story);
  expect((await problems(story)).map(({ status }) => status)).toEqual(["new", "closed"]);
});

test("a problem that is not investigated in time is overdue once at its deadline, and a known error rests the clock", async () => {
  const [late, known] = [await stage.story(online), await stage.story(online)];
  const id = await openedProblem(late);
  await late.cast.carrier.post(`/v1/timelines/${late.timeline}/advance`, { to: "2026-03-12T14:00:00Z" });
  const overdue = await read(late, id);
  expect(overdue).toMatchObject({ status: "new", overdue: true });
  expect(overdue.history.filter(({ change }) => change === "overdue").map(({ at }) => at)).toEqual([
    "2026-03-09T14:00:00.001Z",
  ]);
  const other = await openedProblem(known);
  await command(known, other, "known-error", { workaround });
  await known.cast.carrier.post(`/v1/timelines/${known.timeline}/advance`, { to: "2026-03-12T14:00:00Z" });
  expect(await read(known, other)).toMatchObject({ status: "known-error", overdue: false });
});

test("a symptom that returns twice after its fix opens one problem, and a later return belongs to it", async () => {
  const story = await stage.story(online);
  const customer = { subject: { customerId: "C-1" } };
  const first = await open(story, customer);
  await supplied(story);
  await resolve(story, first, "reset");
  await post(story, first, "confirm");
  await open(story); // another customer
  expect(await problems(story)).toEqual([]);
  const again = await open(story, customer);
  const returned = (await problems(story)).filter(({ source }) => source === "returned");
  expect(returned).toEqual([]);
  await resolve(story, again, "reset");
  await post(story, again, "reopen", { code: "came-back", reason: "it came back" });
  const [problem, ...others] = (await problems(story)).filter(({ source }) => source === "returned");
  expect(others).toEqual([]);
  const { vendorName } = story.cast;
  expect(problem).toMatchObject({
    status: "new",
    symptom: "no-broadband",
    vendor: vendorName,
    model: "Handheld 8700",
    cases: 2,
  });
  await resolve(story, again, "reset");
  await post(story, again, "reopen", { code: "came-back", reason: "it came back" });
  const later = await open(story, { ...customer, symptom: "no-broadband" });
  const { linkedCases, counts } = await read(story, problem?.id ?? "");
  expect(linkedCases.map(({ caseId }) => caseId).toSorted()).toEqual([again, later].toSorted());
  expect(counts.linked).toBe(2);
});

const refusal = async (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "no refusal",
    (error: unknown) => (error instanceof ResponseFault ? `${error.status} ${error.code}` : String(error)),
  );

test("a vendor and another carrier read nothing of a problem, even of its cases", async () => {
  const story = await stage.story(online);
  const id = await openedProblem(story);
  await command(story, id, "known-error", { workaround, fixCode });
  const { version } = await story.read();
  await post(story, story.caseId, "crossings", { asOf: version });
  await story.advance("09:30");
  const lumen = await stage.party("lumen", "carrier");
  for (const client of [story.cast.vendor, lumen.client]) {
    expect(await refusal(client.get(`/v1/problems/${id}`))).toBe("404 not_found");
    expect(await client.get(`/v1/problems`)).toEqual({ items: [] });
    for (const [path, body] of [
      ["owner", { owner: "x", reason }],
      ["status", { status: "cancelled", reason }],
      ["known-error", { workaround: "x" }],
      ["root-cause", { rootCause: "x" }],
      ["link", { caseId: story.caseId, reason }],
      ["unlink", { caseId: story.caseId, reason }],
    ] as const)
      expect(await refusal(client.post(`/v1/problems/${id}/${path}`, body))).toBe("404 not_found");
  }
  expect(await refusal(story.cast.vendor.post("/v1/problems", { title: "x", reason }))).toBe("403 forbidden");
  expect(await refusal(lumen.client.post("/v1/problems", { title: "x", reason, cases: [story.caseId] }))).toBe(
    "404 not_found",
  );
  expect((await read(story, id)).history).toHaveLength(2);
  const seen = await story.cast.vendor.get<Record<string, unknown>>(story.path);
  expect(seen).not.toHaveProperty("knownErrors");
  expect(JSON.stringify(seen)).not.toContain(id);
});

test("crossline problem lists, shows, assigns, records a known error and resolves", async () => {
  const story = await stage.story(online);
  const id = await openedProblem(story);
  const env = { CROSSLINE_KEY: story.cast.carrierKey, CROSSLINE_URL: stage.url, CROSSLINE_PERSON: person };
  const run = async (...parts: string[]) => (await runHere(env, "problem", ...parts)).out;
  expect(await run("list", "--timeline", story.timeline)).toContain(id);
  expect(await run("list", "--timeline", story.timeline, "--status", "closed")).toContain("No problem matches.");
  expect(await run("assign", id, "--owner", "lead-2", "--reason", reason)).toContain("The problem is investigating.");
  const known = await run("known-error", id, "--workaround", workaround, "--fix", fixCode);
  expect(known).toContain("The problem is known-error.");
  const shown = await run("show", id);
  expect(shown).toContain(workaround);
  expect(shown).toContain("3 cases; the workaround: 3 offered, 0 worked, 0 failed");
  expect(await run("resolve", id, "--reason", reason)).toContain("The problem is resolved.");
  expect((await read(story, id)).history.at(-1)).toMatchObject({ change: "status", to: "resolved", actor: { person } });
});
