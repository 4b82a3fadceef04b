import { expect, test } from "vitest";
import { linkChanges } from "../../src/index.ts";
import { at } from "../given.ts";
import { DrivenHandoff, twoSteps } from "../handoffs/driven-handoff.ts";
import { PlayedCase, rep } from "../owed/played.ts";

/* A link to a change is an event of the case. The brief of the case contains the link. */

const link = (id: number) => ({
  changeId: `ch_${String(id).padStart(26, "0")}`,
  by: "northtel",
  title: "New addresses of the mail gateway",
  startsAt: "2026-03-06T02:00:00.000Z",
  late: true,
});
const clocks = [{ kind: "next-update" as const, target: "P1D", warnAt: [] }];
const program = { ...rep, automated: true };
const linksOf = (played: PlayedCase) =>
  (played.whole.intake.linkedChanges ?? []).map(({ changeId, removed = false }) => [changeId, removed]);

test("a program never links a case again after a person removed the link, and a person can", () => {
  const played = new PlayedCase({ clocks });
  played.command("09:10", { type: "link-change", link: link(1) }, program);
  played.command("09:11", { type: "link-change", link: link(1) }, rep);
  played.command("09:12", { type: "unlink-change", changeId: link(1).changeId, reason: "another cause" }, rep);
  played.command("09:13", { type: "link-change", link: link(1) }, program);
  expect(linksOf(played)).toEqual([[link(1).changeId, true]]);
  played.command("09:14", { type: "link-change", link: link(1), reason: "it was the change" }, rep);
  expect(linksOf(played)).toEqual([[link(1).changeId, false]]);
  const types = played.whole.messages.map(({ type }) => type).filter((type) => type.startsWith("change."));
  expect(types).toEqual(["change.linked", "change.unlinked", "change.linked"]);
});

test("⚠ a case has at most ten links: a person is refused, and a program adds no eleventh", () => {
  const played = new PlayedCase({ clocks });
  for (let id = 1; id <= 10; id++) played.command("09:10", { type: "link-change", link: link(id) }, rep);
  expect(() => played.command("09:11", { type: "link-change", link: link(11) }, rep)).toThrow("limit_reached");
  const before = { state: played.whole.intake, messages: [] };
  expect(linkChanges(before, [link(11)], at("09:12"))).toEqual(before);
});

test("an ended case gets no link, and a link that does not exist cannot be removed", () => {
  const played = new PlayedCase({ clocks });
  const removal = { type: "unlink-change", changeId: link(1).changeId, reason: "x" } as const;
  expect(() => played.command("09:10", removal, rep)).toThrow("not_found");
  played.command("09:11", { type: "close" }, rep);
  expect(() => played.command("09:12", { type: "link-change", link: link(1) }, rep)).toThrow("illegal_transition");
});

test("an offer contains the links, and a later link is a new version of the brief", () => {
  const one = new DrivenHandoff(twoSteps()).open();
  one.event("09:01", "change.linked", link(1)).cross("09:05");
  const offered = one.messages.findLast(({ type }) => type === "queue.offered");
  expect(offered?.data).toMatchObject({ brief: { linkedChanges: [link(1)], case: { version: 2 } } });
  one.event("09:06", "change.linked", link(2));
  const updated = one.messages.findLast(({ type }) => type === "queue.updated");
  expect(updated?.data).toMatchObject({
    changes: ["change of northtel"],
    brief: { linkedChanges: [link(1), link(2)], case: { version: 3 } },
  });
  one.event("09:07", "change.unlinked", { changeId: link(1).changeId, reason: "another cause" });
  const without = one.messages.findLast(({ type }) => type === "queue.updated");
  expect(without?.data).toMatchObject({ brief: { linkedChanges: [link(2)] } });
});
