import type { ChangePage, DetailedChange, PresentedChange } from "@crossline/contracts";
import { afterEach, expect, test, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { announce } from "../src/changes/announce.ts";
import { ChangeScreen } from "../src/changes/change-screen.tsx";
import { ChangesScreen } from "../src/changes/changes-screen.tsx";
import { lead, stand } from "./stand.tsx";

afterEach(() => vi.unstubAllGlobals());

const hourMs = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString();
const id = (last: string) => `ch_01jnrf4v2k8q6t0w3y5b7d9e${last}`;
const change = (last: string, more: Partial<PresentedChange> = {}): PresentedChange => ({
  id: id(last),
  by: "orchard",
  timeline: "wall",
  title: `Change ${last}`,
  description: "The gateway gets new addresses.",
  startsAt: inHours(20),
  symptoms: ["no-data"],
  affected: {},
  announcedAt: inHours(-1),
  late: false,
  confirmBy: inHours(5),
  ...more,
});
const received = (last: string, more: Partial<PresentedChange> = {}) =>
  change(last, { receipt: { state: "awaited" }, ...more });
const announced = (last: string, more: Partial<PresentedChange> = {}) =>
  change(last, { by: "northtel", receiptCounts: { confirmed: 2, awaited: 2, overdue: 1 }, ...more });
const page = (items: PresentedChange[]): ChangePage => ({ items });

const list = (open: PresentedChange[], all: PresentedChange[]) =>
  stand({
    Screen: ChangesScreen,
    path: "/app/changes",
    respond: (path) => (path.includes("receipt=open") ? page(open) : path.startsWith("/v1/changes") ? page(all) : {}),
  });

test("changes that the company must confirm are first, and each change is in one list", async () => {
  const [urgent, later, others, confirmed] = [
    received("1a", { late: true, confirmBy: inHours(-1), receipt: { state: "overdue" } }),
    received("2b"),
    announced("3c", { confirmBy: inHours(-2) }),
    received("4d", { receipt: { state: "confirmed" } }),
  ];
  const { page: screen } = await list([others, later, urgent], [urgent, later, others, confirmed]);
  const open = screen.getByRole("region", { name: "Receipts that are open" });
  await expect.element(open.getByRole("link", { name: "Change 1a" })).toBeVisible();
  const titles = [...open.element().querySelectorAll("tbody a")].map(({ textContent }) => textContent);
  expect(titles).toEqual(["Change 1a", "Change 2b", "Change 3c"]);
  const text = open.element().textContent;
  expect(text).toContain("announced late");
  expect(text).toMatch(/✕ (?:59:59|1 h 00) late/);
  expect(text).toContain("3 of 5 not confirmed, 1 overdue");
  const rest = screen.getByRole("region", { name: "Other changes" });
  await expect.element(rest.getByRole("link", { name: "Change 4d" })).toBeVisible();
  expect(rest.element().querySelectorAll("tbody tr")).toHaveLength(1);
});

test("empty lists say so, and a list that fails shows its fault", async () => {
  const { page: screen } = await stand({
    Screen: ChangesScreen,
    path: "/app/changes",
    respond: (path) => {
      if (path.includes("receipt=open")) return page([]);
      return Response.json({ title: "Changes are not available" }, { status: 400 });
    },
  });
  await expect.element(screen.getByText("Every affected company has confirmed each change.")).toBeVisible();
  const rest = screen.getByRole("region", { name: "Other changes" });
  await expect.element(rest.getByRole("alert").getByText("Changes are not available")).toBeVisible();
});

const detailed = (base: PresentedChange, more: Partial<DetailedChange> = {}): DetailedChange => ({
  ...base,
  cases: 1,
  ...more,
});
const one = (
  shown: DetailedChange,
  respond: (path: string, init?: RequestInit) => unknown = () => undefined,
  me = lead,
) =>
  stand({
    Screen: ChangeScreen,
    path: "/app/changes/$changeId",
    address: `/app/changes/${shown.id}`,
    me,
    respond: (path, init) => {
      const given = respond(path, init);
      if (given !== undefined) return given;
      if (path.includes("/cases?")) {
        return {
          items: [
            {
              caseId: "cs_01jnrf4v2k8q6t0w3y5b7d9e1g",
              carrierCaseId: "NT-1",
              carrier: "northtel",
              title: "No mail",
              symptom: "no-data",
              status: "inProgress",
              openedAt: inHours(-1),
            },
          ],
        };
      }
      return path === `/v1/changes/${shown.id}` ? shown : {};
    },
  });

test("the announcer sees who has not confirmed first, and the cases that the change may have caused", async () => {
  const { page: screen } = await one(
    detailed(announced("1a", { late: true, lateBy: "PT52H30M", mustDo: "Replace the old addresses." }), {
      receipts: [
        { company: "alpha", state: "confirmed", confirmedAt: inHours(-1), person: "eng-4" },
        { company: "beta", state: "awaited" },
        { company: "gamma", state: "overdue" },
      ],
    }),
  );
  const receipts = screen.getByRole("region", { name: "Receipts" });
  await expect.element(receipts.getByText("gamma")).toBeVisible();
  const companies = [...receipts.element().querySelectorAll("tbody th")].map(({ textContent }) => textContent);
  expect(companies).toEqual(["gamma", "beta", "alpha"]);
  await expect.element(screen.getByText("Replace the old addresses.")).toBeVisible();
  await expect.element(screen.getByText(/52 h 30 min too late/)).toBeVisible();
  await expect.element(screen.getByRole("link", { name: "No mail NT-1" })).toBeVisible();
  await expect.element(screen.getByRole("button", { name: /^Withdraw the change/ })).toBeVisible();
  expect(screen.container.textContent).not.toContain("your receipt");
});

test("a person of an affected company confirms the change with one press", async () => {
  let shown = detailed(received("1a"));
  const sent: unknown[] = [];
  const { page: screen } = await one(shown, (path, init) => {
    if (init?.method === "POST") {
      sent.push([path, JSON.parse(init.body as string)]);
      shown = { ...shown, receipt: { state: "confirmed", confirmedAt: inHours(0), person: "dm-1" } };
    }
    return path.startsWith(`/v1/changes/${shown.id}`) && !path.includes("/cases") ? shown : undefined;
  });
  await screen.getByRole("button", { name: /^Confirm/ }).click();
  await expect.element(screen.getByText("You confirmed")).toBeVisible();
  expect(sent).toEqual([[`/v1/changes/${id("1a")}/receipt`, { person: "dm-1" }]]);
  expect(screen.getByRole("button", { name: /^Confirm/ }).query()).toBeNull();
});

test("an auditor reads a change without commands, and an unknown change has a heading", async () => {
  const auditor = { ...lead, scopes: ["read", "log"] } as typeof lead;
  const { page: screen } = await one(detailed(received("1a")), undefined, auditor);
  await expect.element(screen.getByRole("heading", { name: "Change 1a" })).toBeVisible();
  expect(screen.container.querySelectorAll(".record-head button")).toHaveLength(0);
  const { page: other } = await stand({
    Screen: ChangeScreen,
    path: "/app/changes/$changeId",
    address: "/app/changes/ch_x",
    respond: () => undefined,
  });
  await expect.element(other.getByRole("heading", { name: "You have no change with this id" })).toBeVisible();
});

test("the form asks for identities only if the change is about some of them", async () => {
  const { page: screen } = await list([], []);
  await screen.getByRole("button", { name: /^Announce a change/ }).click();
  const dialog = screen.getByRole("dialog", { name: "Announce a change" });
  await expect.element(dialog.getByLabelText("Title")).toBeVisible();
  expect(dialog.getByLabelText("One in each row").query()).toBeNull();
  await userEvent.selectOptions(dialog.getByLabelText("Devices and customers (optional)").element(), "imei");
  await expect.element(dialog.getByLabelText("One in each row")).toBeVisible();
});

test("the announcement has the names and the instants of the form", () => {
  const { path, body } = announce({ kind: "carrier", party: "northtel" }, "wall").requestOf({
    title: "New addresses",
    description: "Soon",
    startsAt: "2026-03-16T02:00",
    symptoms: "no-data, no-mail",
    companies: "orchard",
    models: "",
    regions: "CA-ON",
    identityKind: "imei",
    identities: "490154203237518\n\n356938035643809\n",
    endsAt: "",
    confirmBy: "",
    mustDo: "",
    vendor: "orchard",
  });
  expect(path).toBe("/v1/changes");
  expect(body).toEqual({
    timeline: "wall",
    title: "New addresses",
    description: "Soon",
    startsAt: new Date("2026-03-16T02:00").toISOString().replace(".000", ""),
    symptoms: ["no-data", "no-mail"],
    affected: {
      vendor: "orchard",
      companies: ["orchard"],
      regions: ["CA-ON"],
      identities: [{ imei: "490154203237518" }, { imei: "356938035643809" }],
    },
  });
});
