import { userEvent } from "vitest/browser";
import { expect, test, vi } from "vitest";
import { render } from "vitest-browser-react";
import type { ClockHistoryResponse } from "@crossline/contracts";
import { handleKey } from "../src/shell/shortcuts.ts";
import { stretchesOf } from "../src/case/picture/axis.ts";
import { ClockPicture } from "../src/case/picture/clock-picture.tsx";
import { ClockTable } from "../src/case/picture/clock-table.tsx";
import { InstantSlider } from "../src/case/picture/instant-slider.tsx";
import { lanesOf } from "../src/case/picture/lanes.ts";

const minute = 60_000;
const start = Date.parse("2026-03-07T14:00:00Z");
const at = (minutes: number): number => start + minutes * minute;
const iso = (minutes: number): string => new Date(at(minutes)).toISOString();

const history: ClockHistoryResponse = {
  caseId: "cs_1",
  at: iso(21),
  holder: "northtel",
  status: "inProgress",
  severity: "major",
  asOf: { state: "current", readUntil: iso(21) },
  clocks: [
    {
      clock: "stall.busy",
      kind: "stall.busy",
      incarnation: "case/2",
      state: "breached",
      charged: "northtel",
      startedAt: iso(0),
      startedBy: { type: "handling.started", topic: "case", sequence: 2 },
      targetMs: 20 * minute,
      countedMs: 20 * minute,
      remainingMs: 0,
      counted: [{ from: iso(0), to: iso(20), countedMs: 20 * minute }],
      rested: [],
      thresholds: [
        { percent: 50, dueAt: iso(10), firedAt: iso(10) },
        { percent: 100, dueAt: iso(20), firedAt: iso(20) },
      ],
      calendar: { name: "24x7", version: 1 },
      provisional: true,
    },
    {
      clock: "promise/pr_01jnrfb6e8g0j2k4m6n8p0r2s4",
      kind: "promise",
      incarnation: "case/9",
      state: "running",
      charged: "northtel",
      startedAt: iso(5),
      startedBy: { type: "promise.made", topic: "case", sequence: 9 },
      targetMs: 60 * minute,
      countedMs: 16 * minute,
      remainingMs: 44 * minute,
      counted: [{ from: iso(5), to: iso(21), countedMs: 16 * minute }],
      rested: [],
      thresholds: [{ percent: 100, dueAt: iso(65) }],
      calendar: { name: "24x7", version: 1 },
      provisional: false,
    },
  ],
};

const holders = [{ holder: "northtel", from: at(0), to: at(21) }];

test("the picture is one image with a name and a text, and each mark has a shape of its own", async () => {
  const screen = await render(
    <ClockPicture
      stretches={stretchesOf([0, 5, 10, 20, 21, 65].map(at))}
      holders={holders}
      lanes={lanesOf(history)}
      at={at(21)}
      isPast={false}
      zone="America/Toronto"
      atText="09:21:00"
      title="The clocks of NT-1001"
      description="Held by northtel."
    />,
  );
  await expect.element(screen.getByRole("img", { name: "The clocks of NT-1001 Held by northtel." })).toBeVisible();
  const { container } = screen;
  expect(container.querySelectorAll(".breach")).toHaveLength(1);
  expect(container.querySelectorAll("path.warning")).toHaveLength(1);
  expect(container.querySelectorAll("path.target")).toHaveLength(1);
  expect(container.querySelectorAll(".provisional")).toHaveLength(1);
  expect(container.querySelectorAll("rect.later")).toHaveLength(0);
  expect([...container.querySelectorAll(".lane-name")].map(({ textContent }) => textContent)).toEqual([
    "stall.busy northtel",
    "promise northtel",
  ]);
});

test("the picture has the width of its place, and its later part is covered at a past instant", async () => {
  const screen = await render(
    <div style={{ width: 300 }}>
      <ClockPicture
        stretches={stretchesOf([0, 5, 10, 20, 21, 65].map(at))}
        holders={holders}
        lanes={lanesOf(history)}
        at={at(10)}
        isPast
        zone="America/Toronto"
        atText="09:10:00"
        title="The clocks"
        description="A text."
      />
    </div>,
  );
  await expect.poll(() => screen.container.querySelector("svg")?.getAttribute("width")).toBe("300");
  const later = screen.container.querySelector("rect.later");
  const now = screen.container.querySelector("line.now");
  expect(later?.getAttribute("x")).toBe(now?.getAttribute("x1"));
  expect(Number(later?.getAttribute("width"))).toBeGreaterThan(50);
});

test("the table has the data of the picture", async () => {
  const screen = await render(<ClockTable history={history} holders={holders} zone="America/Toronto" />);
  const row = screen.getByRole("row", { name: /stall\.busy/ });
  for (const text of ["breached (provisional)", "50 %", "09:10:00", "09:20:00", "20 min"]) {
    expect(row.element().textContent).toContain(text);
  }
  const table = screen.getByRole("table", { name: "Holders" });
  expect(table.element().textContent).toContain("northtel09:00:0009:21:0021 min 00 s");
});

test("a table of ten thousand runs shows the last hundred, and all of them on demand", async () => {
  const [life] = history.clocks;
  const clocks = Array.from({ length: 10_000 }, (_, index) => ({ ...life, incarnation: `case/${index}` }));
  const screen = await render(
    <ClockTable history={{ ...history, clocks } as ClockHistoryResponse} holders={holders} zone="UTC" />,
  );
  expect(screen.container.querySelectorAll("tbody tr")).toHaveLength(101);
  await expect.element(screen.getByRole("button", { name: "Show all 10000 runs" })).toBeVisible();
});

test("the slider moves by keyboard from stop to stop, and from event to event", async () => {
  const onShow = vi.fn<(instant: number | undefined) => void>();
  document.addEventListener("keydown", handleKey);
  const stops = [0, 5, 10, 15, 20, 21].map(at);
  const events = [0, 10, 20].map(at);
  const show = (chosen: string | undefined) => (
    <InstantSlider stops={stops} events={events} chosen={chosen} zone="America/Toronto" onShow={onShow} />
  );
  const screen = await render(show(undefined));
  const slider = screen.getByRole("slider");
  await expect.element(slider).toHaveAttribute("aria-valuetext", "09:21:00 Toronto");
  await userEvent.keyboard("[[");
  expect(onShow).toHaveBeenLastCalledWith(at(20));
  await screen.rerender(show(iso(10)));
  await expect.element(slider).toHaveAttribute("aria-valuetext", "09:10:00 Toronto");
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(onShow).toHaveBeenLastCalledWith(at(15));
  (slider.element() as HTMLElement).blur();
  await userEvent.keyboard("]");
  expect(onShow).toHaveBeenLastCalledWith(at(20));
  await screen.rerender(show(iso(20)));
  await screen.getByRole("button", { name: "Next event" }).click();
  expect(onShow).toHaveBeenLastCalledWith(undefined);
  document.removeEventListener("keydown", handleKey);
});
