import type { IncidentPage, IncidentSummary, PresentedIncident } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { openIncident } from "../src/incidents/commands.ts";
import { IncidentScreen } from "../src/incidents/incident-screen.tsx";
import { IncidentsScreen } from "../src/incidents/incidents-screen.tsx";
import { lead, stand } from "./stand.tsx";

afterEach(() => vi.unstubAllGlobals());

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const caseId = (last: string) => `cs_01jnrf4v2k8q6t0w3y5b7d9e${last}`;
const incident = (last: string, more: Partial<IncidentSummary> = {}): IncidentSummary => ({
  id: `ic_01jnrf4v2k8q6t0w3y5b7d9e${last}`,
  timeline: "wall",
  state: "open",
  scope: { kind: "fault", symptom: "no-signal", vendor: "orchard", model: `Handheld ${last}` },
  openedAt: minutesAgo(30),
  openedBy: { party: "northtel", automated: true },
  reason: "5 alike cases in 30 minutes",
  leadCaseId: caseId("1g"),
  lead: { carrierCaseId: "NT-1", title: "No signal", status: "inProgress" },
  holder: "orchard",
  cases: 5,
  firstOpenedAt: minutesAgo(45),
  lastOpenedAt: minutesAgo(3),
  ...more,
});
const page = (items: IncidentSummary[]): IncidentPage => ({ items });

test("open incidents are before ended ones, each with its lead case and holder", async () => {
  const { page: screen } = await stand({
    Screen: IncidentsScreen,
    path: "/app/incidents",
    respond: (path) => {
      if (path.includes("state=open")) return page([incident("1a")]);
      if (!path.includes("state=ended")) return {};
      return page([incident("2b", { state: "ended", ended: { at: minutesAgo(1), cause: "cured" }, scope: undefined })]);
    },
  });
  const open = screen.getByRole("region", { name: "Open incidents" });
  await expect.element(open.getByRole("link", { name: "no-signal on Handheld 1a of orchard" })).toBeVisible();
  await expect.element(open.getByRole("link", { name: "No signal NT-1" })).toBeVisible();
  const ended = screen.getByRole("region", { name: "Ended incidents" });
  await expect.element(ended.getByRole("link", { name: "5 alike cases in 30 minutes" })).toBeVisible();
  await expect.element(ended.getByText("the lead case was fixed")).toBeVisible();
});

test("empty lists say so, and a fault of one list leaves the other", async () => {
  const { page: screen } = await stand({
    Screen: IncidentsScreen,
    path: "/app/incidents",
    respond: (path) => {
      if (path.includes("state=open")) return page([]);
      return Response.json({ title: "Incidents are not available" }, { status: 400 });
    },
  });
  await expect.element(screen.getByText("No incident is open.")).toBeVisible();
  await expect.element(screen.getByRole("alert").getByText("Incidents are not available")).toBeVisible();
});

const label = (number: string, status: "inProgress" | "resolved" = "inProgress") => ({
  carrierCaseId: number,
  title: `Case ${number}`,
  status,
});
const detail = (more: Partial<PresentedIncident> = {}): PresentedIncident => ({
  ...incident("1a"),
  members: [
    { caseId: caseId("2g"), ...label("NT-2"), openedAt: minutesAgo(40), joinedAt: minutesAgo(30) },
    { caseId: caseId("3g"), ...label("NT-3", "resolved"), openedAt: minutesAgo(3), joinedAt: minutesAgo(3) },
  ],
  former: [{ caseId: caseId("4g"), ...label("NT-4"), at: minutesAgo(2), cause: "removed", reason: "Another mast" }],
  messages: [
    {
      id: "ms_1",
      at: minutesAgo(10),
      author: { party: "northtel", person: "rep-7", automated: false },
      channel: "mail",
      via: "crm",
      text: "You broke it. We repair the mast.",
      marks: [{ from: 0, to: 13, rule: "blame" }],
      state: "held",
      cases: 0,
      refused: 0,
    },
  ],
  ...more,
});

const one = (shown: PresentedIncident, me = lead) => {
  const sent: (readonly [path: string, body: unknown])[] = [];
  return stand({
    Screen: IncidentScreen,
    path: "/app/incidents/$incidentId",
    address: `/app/incidents/${shown.id}`,
    me,
    respond: (path, init) => {
      if (init?.method === "POST") sent.push([path, JSON.parse(init.body as string)]);
      return path.startsWith(`/v1/incidents/${shown.id}`) ? shown : {};
    },
  }).then((opened) => ({ ...opened, sent }));
};

test("an incident has its members with their status, and the members that left with the reason", async () => {
  const { page: screen } = await one(detail());
  const members = screen.getByRole("region", { name: "Members", exact: true });
  await expect.element(members.getByRole("link", { name: "Case NT-3 NT-3" })).toBeVisible();
  const statuses = [...members.element().querySelectorAll("[data-label=Status]")].map(({ textContent }) => textContent);
  expect(statuses).toEqual(["in progress", "resolved"]);
  const former = screen.getByRole("region", { name: "Former members" });
  await expect.element(former.getByRole("link", { name: "Case NT-4 NT-4" })).toBeVisible();
  expect(former.element().textContent).toContain("removed: Another mast");
});

test("a member is removed with a reason", async () => {
  const { page: screen, sent } = await one(detail());
  await screen.getByRole("group", { name: "Commands of NT-2" }).getByRole("button").click();
  await screen.getByRole("dialog", { name: "Remove" }).getByLabelText("Reason").fill("Another cause");
  await screen.getByRole("button", { name: "Remove the case" }).click();
  await expect
    .poll(() => sent)
    .toEqual([[`/v1/incidents/${detail().id}/leave`, { caseId: caseId("2g"), reason: "Another cause" }]]);
});

test("a held message shows its marked place, and is released with a reason", async () => {
  const { page: screen, sent } = await one(detail());
  await expect.element(screen.getByText(/^Held: the guard marked a place/)).toBeVisible();
  expect(screen.container.querySelector("mark")?.textContent).toBe("You broke it.");
  await screen.getByRole("button", { name: "Release", exact: true }).click();
  await screen.getByRole("dialog", { name: "Release" }).getByLabelText("Reason").fill("It is a quotation");
  await screen.getByRole("button", { name: "Release the message" }).click();
  await expect
    .poll(() => sent)
    .toEqual([[`/v1/incidents/${detail().id}/messages/ms_1/release`, { reason: "It is a quotation" }]]);
});

test("a thousand members are listed a hundred at a time", async () => {
  const members = Array.from({ length: 1000 }, (_, place) => ({
    caseId: `cs_${String(place).padStart(26, "0")}`,
    ...label(`NT-${place}`),
    openedAt: minutesAgo(40),
    joinedAt: minutesAgo(30),
  }));
  const { page: screen } = await one(detail({ members }));
  const rows = () => screen.container.querySelectorAll("tbody tr").length;
  await expect.poll(rows).toBe(100);
  await screen.getByRole("button", { name: "Show more members" }).click();
  await expect.poll(rows).toBe(200);
});

test("an ended incident has no commands", async () => {
  const { page: screen } = await one(detail({ state: "ended", ended: { at: minutesAgo(1), cause: "lead-ended" } }));
  await expect.element(screen.getByText("ended: the lead case ended without a fix")).toBeVisible();
  expect(screen.container.querySelectorAll("button[data-command]")).toHaveLength(0);
});

test("an incident is opened with the ids of its cases", () => {
  const { path, body } = openIncident("wall").requestOf({
    leadCaseId: caseId("1g"),
    members: `${caseId("2g")},${caseId("3g")}`,
    reason: "A mast is down",
  });
  expect(path).toBe("/v1/incidents");
  expect(body).toEqual({
    leadCaseId: caseId("1g"),
    members: [caseId("2g"), caseId("3g")],
    reason: "A mast is down",
  });
});
