import { lintLineDocument } from "@crossline/domain";
import { expect, test } from "vitest";

const sound = {
  line: "handheld",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT20M" }],
  crossing: [{ to: "queue:orchard.handheld" }],
  lastResort: ["https://northtel.example/duty"],
};

test("a sound line comes back with its defaults", () => {
  expect(lintLineDocument(sound)).toMatchObject({
    ok: true,
    document: { mode: "cross", crossing: [{ mode: "ticket", repeat: 1 }] },
  });
});

test.each([
  ["no document", "a line", [""]],
  ["nothing in it", {}, ["/line", "/calendar", "/clocks"]],
  ["a blank title", { ...sound, title: " " }, ["/title"]],
  ["a title that turns its direction", { ...sound, title: "a\u202eb" }, ["/title"]],
  ["an unknown key", { ...sound, trigger: [] }, ["/trigger"]],
  ["an unknown key further in", { ...sound, crossing: [{ to: "queue:orchard.handheld", at: 1 }] }, ["/crossing/0/at"]],
  ["a key that needs escaping", { ...sound, "a/b~c": 1 }, ["/a~1b~0c"]],
  ["a target of 0", { ...sound, clocks: [{ kind: "stall.busy", target: "PT0S" }] }, ["/clocks/0/target"]],
  ["a target in months", { ...sound, clocks: [{ kind: "stall.busy", target: "P1M" }] }, ["/clocks/0/target"]],
  [
    "a target by severity that is too long",
    { ...sound, clocks: [{ kind: "stall.idle", target: { critical: "P401D", else: "PT1H" } }] },
    ["/clocks/0/target/critical"],
  ],
  [
    "no target for the rest",
    { ...sound, clocks: [{ kind: "stall.idle", target: { critical: "PT1H" } }] },
    ["/clocks/0/target/else"],
  ],
  ["a target that is a number", { ...sound, clocks: [{ kind: "stall.idle", target: 20 }] }, ["/clocks/0/target"]],
  ["a queue without a team", { ...sound, crossing: [{ to: "queue:orchard" }] }, ["/crossing/0/to"]],
  ["no last resort", { ...sound, lastResort: [] }, ["/lastResort"]],
  ["a last resort that is no address", { ...sound, lastResort: ["ftp://x"] }, ["/lastResort/0"]],
  ["a last resort at port 0", { ...sound, lastResort: ["http://duty.example:0/"] }, ["/lastResort/0"]],
  ["no step", { ...sound, crossing: [] }, ["/crossing"]],
  ["two clocks of one name", { ...sound, clocks: [...sound.clocks, ...sound.clocks] }, ["/clocks/1"]],
  ["an observer that crosses", { ...sound, mode: "observe" }, ["/crossing", "/lastResort"]],
])("%s is a fault at its place", (_, written, places) => {
  const result = lintLineDocument(written);
  expect(result).toMatchObject({ ok: false });
  const faults = result.ok ? [] : result.faults;
  expect([...new Set(faults.map(({ at }) => at))]).toEqual(places);
  for (const { message } of faults) expect(message).not.toMatch(/received undefined|Invalid input$/);
});
