import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { type CaseCrossing, isUnsolved, openHandoffOf, returnsOf } from "../../src/index.ts";
import { evidence } from "./driven-handoff.ts";
import { desk, jointAfter, moves, phaseOf, walkHandoffs, words } from "./walk.ts";

const { states, ways, transitions: walked } = walkHandoffs();
/** The transitions of the walk, each in the form `<phase> <move> <phase>`. */
const transitions = new Set(walked.map((transition) => transition.join(" ")));

test("the walk reaches every phase and more than 100 states", () => {
  expect(states.size).toBeGreaterThan(100);
  expect(new Set([...states.values()].map(phaseOf))).toEqual(
    new Set(["ended", "offered", "claimed", "info-requested", "accepted"]),
  );
});

test("from every state a move leads to another state", () => {
  const stuck = [...ways].filter(([, out]) => out.size === 0).map(([key]) => key);
  expect(stuck).toEqual([]);
});

test("a case is joint after the number of returns that its line sets", () => {
  for (const state of states.values()) {
    for (const count of Object.values(state.returns ?? {})) {
      expect(state.joint !== undefined || count < jointAfter, `${count} returns`).toBe(true);
    }
    const isSentBack = desk({ type: "return", code: "bad-data", evidence })(state) !== undefined;
    expect(state.joint === undefined || !isSentBack).toBe(true);
    expect(returnsOf(state)).toBeLessThan(2 * jointAfter + 1);
  }
});

test("a case that waits for a vendor, a page or the last resort is not solved", () => {
  const over = new Set(["step", "confirmation"]);
  for (const { waits, status } of states.values()) expect(over.has(waits.for) || isUnsolved(status)).toBe(true);
});

test("a member of an incident is unsolved and waits for no offer and no page", () => {
  const members = [...states.values()].filter(({ member }) => member !== undefined);
  expect(members.length).toBeGreaterThan(10);
  // A vendor's resolution can precede the joining, until routing reads the resolution of the case.
  const isIdle = ({ waits }: CaseCrossing): boolean => ["step", "confirmation", "last-resort"].includes(waits.for);
  for (const state of members)
    expect([isIdle(state), isUnsolved(state.status), state.holder]).toEqual([true, true, "northtel"]);
});

test("every command refuses an old token in every state", () => {
  const commands = ["renew", "release", "request-info", "accept", "reject", "return", "transfer", "resolve"];
  for (const state of states.values()) {
    const open = openHandoffOf(state);
    if (open === undefined || open.phase === "offered") continue;
    for (const type of commands) expect(desk({ type, ...words, token: open.token - 1 })(state)).toBeUndefined();
  }
});

test("the table in docs/hand-offs.md has the moves that the code allows", () => {
  const text = readFileSync(resolve(import.meta.dirname, "../../../../docs/hand-offs.md"), "utf8");
  const rows = [...text.matchAll(/^\| `([a-z-]+)` +\| ([a-z -]+?) +\| `([a-z-]+)` +\|/gm)];
  expect(rows.map(([, from, move, to]) => `${from} ${move} ${to}`).toSorted()).toEqual([...transitions].toSorted());
});

test.each(["docs/hand-offs.md"])("the diagram in %s names every move", (path) => {
  const text = readFileSync(resolve(import.meta.dirname, "../../../..", path), "utf8");
  // Only rows of the diagram contain drawing characters.
  const drawn = text.split("\n").filter((row) => /[─►▲▼│└┘┌┐┴]/.test(row));
  const diagram = new Set(drawn.join("\n").match(/[a-z]+(?:-[a-z]+)*/g));
  const named = [...transitions].flatMap((transition) => {
    const [, from = "", move = "", to = ""] = /^(\S+) (.+) (\S+)$/.exec(transition) ?? [];
    // The diagram does not show best effort, which is a `provide-info` that the carrier did not send.
    return move === "best effort" ? [from, to] : [from, move, to];
  });
  expect([...new Set(named)].filter((name) => !diagram.has(name))).toEqual([]);
  const moved = new Set(moves.map(([name]) => name));
  const arrows = [...drawn.join("\n").matchAll(/[─┼]\s?([a-z]+(?:-[a-z]+)*)[─┴┼]/g)].map(([, name = ""]) => name);
  expect(arrows.length).toBeGreaterThan(5);
  expect(arrows.filter((name) => !moved.has(name))).toEqual([]);
});
