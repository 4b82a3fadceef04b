import { lintLineDocument } from "@crossline/domain";
import { expect, test } from "vitest";

const correct = {
  line: "handheld",
  calendar: "24x7",
  clocks: [{ kind: "stall.busy", target: "PT20M" }],
  crossing: [{ to: "queue:orchard.handheld" }],
  lastResort: ["https://northtel.example/duty"],
};

test("the lint returns a correct line with its defaults", () => {
  expect(lintLineDocument(correct)).toMatchObject({
    ok: true,
    document: { mode: "cross", crossing: [{ mode: "ticket", repeat: 1 }] },
  });
});

test.each([
  ["a text instead of a document", "a line", [""]],
  ["an empty document", {}, ["/line", "/calendar", "/clocks"]],
  ["a blank title", { ...correct, title: " " }, ["/title"]],
  ["a title with a change of direction", { ...correct, title: "a\u202eb" }, ["/title"]],
  ["an unknown key", { ...correct, trigger: [] }, ["/trigger"]],
  ["an unknown nested key", { ...correct, crossing: [{ to: "queue:orchard.handheld", at: 1 }] }, ["/crossing/0/at"]],
  ["a key that needs escaping", { ...correct, "a/b~c": 1 }, ["/a~1b~0c"]],
  ["a target of 0", { ...correct, clocks: [{ kind: "stall.busy", target: "PT0S" }] }, ["/clocks/0/target"]],
  ["a target in months", { ...correct, clocks: [{ kind: "stall.busy", target: "P1M" }] }, ["/clocks/0/target"]],
  [
    "a target by severity that is too long",
    { ...correct, clocks: [{ kind: "stall.idle", target: { critical: "P401D", else: "PT1H" } }] },
    ["/clocks/0/target/critical"],
  ],
  [
    "a target without `else`",
    { ...correct, clocks: [{ kind: "stall.idle", target: { critical: "PT1H" } }] },
    ["/clocks/0/target/else"],
  ],
  ["a target that is a number", { ...correct, clocks: [{ kind: "stall.idle", target: 20 }] }, ["/clocks/0/target"]],
  ["a queue without a team", { ...correct, crossing: [{ to: "queue:orchard" }] }, ["/crossing/0/to"]],
  ["a missing last resort", { ...correct, lastResort: [] }, ["/lastResort"]],
  ["a last resort that is not an address", { ...correct, lastResort: ["ftp://x"] }, ["/lastResort/0"]],
  ["a last resort at port 0", { ...correct, lastResort: ["http://duty.example:0/"] }, ["/lastResort/0"]],
  ["a line without a step", { ...correct, crossing: [] }, ["/crossing"]],
  ["two clocks with the same name", { ...correct, clocks: [...correct.clocks, ...correct.clocks] }, ["/clocks/1"]],
  ["an observing line that crosses", { ...correct, mode: "observe" }, ["/crossing", "/lastResort"]],
  [
    "an observing line with incidents",
    { ...correct, mode: "observe", crossing: [], lastResort: [], incidents: { cases: 3, within: "PT1H" } },
    ["/incidents"],
  ],
  ["an incident of one case", { ...correct, incidents: { cases: 1, within: "PT1H" } }, ["/incidents/cases"]],
])("the lint reports %s and its place", (_, written, places) => {
  const result = lintLineDocument(written);
  expect(result).toMatchObject({ ok: false });
  const faults = result.ok ? [] : result.faults;
  expect([...new Set(faults.map(({ at }) => at))]).toEqual(places);
  for (const { message } of faults) expect(message).not.toMatch(/received undefined|Invalid input$/);
});
