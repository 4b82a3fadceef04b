import type { CalendarDocument } from "@crossline/contracts";
import { expect, test } from "vitest";
import { compileLine, openHandoffOf } from "../../src/index.ts";
import { at, clockTime } from "../given.ts";
import { DrivenHandoff } from "./driven-handoff.ts";

const office: CalendarDocument = {
  calendar: "office",
  zone: "America/Toronto",
  week: { sat: ["09:00-17:00"], sun: ["10:00-17:00"] },
};
const ref = { party: "orchard", name: "office", version: 3 };

function stepping(whenClosed: "skip" | "wait" | undefined, onlyOne = false) {
  const hours = { hours: "orchard/office", ...(whenClosed && { whenClosed }) } as const;
  const step = { mode: "ticket", acceptWithin: "PT30M", repeat: 1 } as const;
  return compileLine(
    { carrier: "northtel", name: "test", version: 1 },
    {
      line: "test",
      mode: "cross",
      calendar: "24x7",
      clocks: [{ kind: "stall.busy", target: "PT20M", warnAt: [] }],
      crossing: [
        { to: "queue:orchard.handheld", ...step, ...hours },
        { to: "queue:quill.care", ...step, ...(onlyOne ? hours : {}) },
      ],
      lastResort: ["https://duty.northtel.example/"],
    },
    { "orchard/office": { ref, document: office } },
  );
}

// In the tested night, daylight saving time starts: the opening at 10:00 in UTC-4 is at 09:00 in UTC-5.
test.for([
  ["open", "12:00", "skip", "orchard.handheld", "12:30"],
  ["closed", "17:00", "skip", "quill.care", "17:30"],
  ["closed, with a step that does not wait", "17:00", undefined, "quill.care", "17:30"],
  ["closed, with a step that waits", "17:00", "wait", "orchard.handheld", "+1 09:30"],
  ["open, with a step that waits", "16:59", "wait", "orchard.handheld", "17:29"],
] as const)(
  "routing chooses the queue of the next offer if the first queue is %s",
  ([, time, whenClosed, queue, acceptBy]) => {
    const open = openHandoffOf(new DrivenHandoff(stepping(whenClosed)).open().cross(time).crossing);
    expect(open?.queue).toBe(queue);
    expect(clockTime(open?.acceptBy ?? 0)).toBe(acceptBy);
  },
);

test("an offer to a closed queue is published at once, and the time of its clock includes the closed hours", () => {
  const driven = new DrivenHandoff(stepping("wait")).open().cross("17:00");
  expect(driven.last("handoff.offered")).toMatchObject({ time: at("17:00"), data: { acceptWithin: "PT16H30M" } });
});

test("⚠ if every step is closed, routing calls the last resort", () => {
  const driven = new DrivenHandoff(stepping("skip", true)).open().cross("17:00");
  expect(driven.types).toEqual(["line.exhausted", "last-resort.called"]);
});

test("after a move the case begins at the first step of the new line, and an open hand-off stays open", () => {
  const driven = new DrivenHandoff(stepping("skip"))
    .open()
    .cross("12:00")
    .event("12:10", "case.moved", {
      from: { carrier: "northtel", name: "test", version: 1 },
      line: { carrier: "northtel", name: "test", version: 2 },
      reason: "x",
    });
  expect(driven.crossing.next).toEqual({ step: 0, attempt: 0 });
  expect(openHandoffOf(driven.crossing)?.queue).toBe("orchard.handheld");
});
