import type { PresentedProblem, ProblemDetail, ProblemPage } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { problemCommands } from "../src/problems/commands.ts";
import { ProblemScreen } from "../src/problems/problem-screen.tsx";
import { ProblemsScreen } from "../src/problems/problems-screen.tsx";
import { lead, stand } from "./stand.tsx";

afterEach(() => vi.unstubAllGlobals());

const hourMs = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString();
const problem = (last: string, more: Partial<PresentedProblem> = {}): PresentedProblem => ({
  id: `pb_01jnrf4v2k8q6t0w3y5b7d9e${last}`,
  title: `Problem ${last}`,
  status: "investigating",
  source: "returned",
  symptom: "no-signal",
  vendor: "orchard",
  model: "Handheld 8700",
  cases: 3,
  openedAt: inHours(-30),
  overdue: false,
  ...more,
});
const page = (items: PresentedProblem[]): ProblemPage => ({ items });

const list = (open: PresentedProblem[], ended: PresentedProblem[] = [], address = "/app/problems") => {
  const paths: string[] = [];
  return stand({
    Screen: ProblemsScreen,
    path: "/app/problems",
    address,
    respond: (path) => {
      paths.push(path);
      if (!path.startsWith("/v1/problems")) return {};
      return page(path.includes("status=closed") ? ended : open);
    },
  }).then((shown) => ({ ...shown, paths }));
};

test("problems are grouped by their status, and the overdue and urgent ones are first", async () => {
  const { page: screen } = await list([
    problem("1a", { investigateBy: inHours(50) }),
    problem("2b", { investigateBy: inHours(9) }),
    problem("3c", { investigateBy: inHours(-2), overdue: true, owner: "lead-2" }),
    problem("4d", { status: "new" }),
    problem("5e", { status: "known-error" }),
  ]);
  const open = screen.getByRole("region", { name: "Open problems" });
  await expect.element(open.getByRole("link", { name: "Problem 4d" })).toBeVisible();
  const titles = [...open.element().querySelectorAll("h3, tbody a")].map(({ textContent }) => textContent);
  expect(titles).toEqual([
    "new (1)",
    "Problem 4d",
    "under investigation (3)",
    "Problem 3c",
    "Problem 2b",
    "Problem 1a",
    "known error (1)",
    "Problem 5e",
  ]);
  await expect.element(open.getByText("overdue", { exact: true })).toBeVisible();
  expect(open.element().textContent).toContain("no-signal on Handheld 8700 of orchard");
});

test("no problem is open, and the ended ones are read only on demand", async () => {
  const { page: screen, paths, router } = await list([], [problem("1a", { status: "closed" })]);
  await expect.element(screen.getByText("No problem is open.")).toBeVisible();
  expect(paths.filter((path) => path.includes("status=closed"))).toEqual([]);
  await screen.getByRole("button", { name: "Show ended problems" }).click();
  await expect.element(screen.getByRole("link", { name: "Problem 1a" })).toBeVisible();
  expect(router.state.location.search).toEqual({ ended: true });
});

const caseId = "cs_01jnrf4v2k8q6t0w3y5b7d9e1g";
const detail = (more: Partial<ProblemDetail> = {}): ProblemDetail => ({
  ...problem("1a", { owner: "lead-1", status: "known-error" }),
  timeline: "wall",
  knownError: { workaround: "Reset the network settings.", fixCode: "network-reset", since: inHours(-3) },
  counts: { linked: 1, offered: 4, worked: 2, failed: 1 },
  linkedCases: [
    { caseId, at: inHours(-3), role: "linked" },
    { caseId, at: inHours(-3), role: "offered" },
    { caseId: `${caseId.slice(0, -1)}h`, at: inHours(-2), role: "offered", outcome: "worked" },
  ],
  history: [
    {
      at: inHours(-30),
      actor: { party: "northtel", automated: true },
      change: "opened",
      to: "new",
    },
    {
      at: inHours(-20),
      actor: { party: "northtel", person: "lead-1", automated: false },
      change: "owner",
      from: "new",
      to: "investigating",
      owner: "lead-1",
      reason: "She knows the radio.",
    },
  ],
  ...more,
});

const one = (
  shown: () => ProblemDetail,
  respond: (path: string, init?: RequestInit) => unknown = () => undefined,
  me = lead,
) =>
  stand({
    Screen: ProblemScreen,
    path: "/app/problems/$problemId",
    address: `/app/problems/${shown().id}`,
    me,
    respond: (path, init) => respond(path, init) ?? (path === `/v1/problems/${shown().id}` ? shown() : {}),
  });

test("a known error has its workaround and counts, and the history begins with the newest change", async () => {
  const { page: screen } = await one(detail);
  const known = screen.getByRole("region", { name: "Known error" });
  await expect.element(known.getByText("Reset the network settings.")).toBeVisible();
  expect(known.element().textContent).toContain("Offered to cases4✓ Worked2✕ Failed1");
  const history = screen.getByRole("region", { name: "History" }).element().textContent;
  expect(history?.indexOf("given to lead-1")).toBeLessThan(history?.indexOf("opened") ?? 0);
  expect(history).toContain("Reason: She knows the radio.");
  await expect.element(screen.getByText("worked", { exact: true })).toBeVisible();
  const cases = screen.getByRole("region", { name: "Cases" }).element();
  expect(cases.querySelectorAll("li"), "one row for each case").toHaveLength(2);
});

test("a case is linked by its number, and an unknown number is a fault of its field", async () => {
  const sent: unknown[] = [];
  const { page: screen } = await one(detail, (path, init) => {
    if (path.startsWith("/v1/search")) {
      return { items: path.includes("q=NT-7") ? [{ id: caseId, number: "NT-7" }] : [{ id: caseId, number: "NT-77" }] };
    }
    if (init?.method === "POST") sent.push([path, JSON.parse(init.body as string)]);
    return init?.method === "POST" ? {} : undefined;
  });
  await screen.getByRole("button", { name: /^Link a case/ }).click();
  const dialog = screen.getByRole("dialog", { name: "Link a case" });
  await dialog.getByLabelText("Number or id of the case").fill("NT-9");
  await dialog.getByLabelText("Reason").fill("The same mast");
  await dialog.getByRole("button", { name: "Link the case" }).click();
  await expect.element(dialog.getByText(/^✕ NT-9 is not the number/)).toBeVisible();
  expect(sent).toEqual([]);
  await dialog.getByLabelText("Number or id of the case").fill("NT-7");
  await dialog.getByRole("button", { name: "Link the case" }).click();
  await expect.poll(() => sent).toEqual([[`/v1/problems/${detail().id}/link`, { caseId, reason: "The same mast" }]]);
  await expect.poll(() => dialog.query()).toBeNull();
});

test("the commands follow the status of the problem", () => {
  const names = (status: ProblemDetail["status"]) => problemCommands(detail({ status })).map(({ name }) => name);
  expect(names("new")).toEqual(["assign", "known-error", "status", "root-cause", "link"]);
  expect(names("resolved")).toEqual(["assign", "status", "root-cause", "link"]);
  expect(names("closed")).toEqual(["status"]);
  const [status] = problemCommands(detail({ status: "closed" }));
  expect(status?.fields({})[0]).toMatchObject({ options: [["investigating", "under investigation"]] });
});

test("an auditor reads a problem without commands", async () => {
  const { page: screen } = await one(detail, undefined, { ...lead, scopes: ["read", "log"] });
  await expect.element(screen.getByRole("heading", { name: "Problem 1a" })).toBeVisible();
  expect(screen.container.querySelectorAll("button[data-command]")).toHaveLength(0);
});
