import { expect, test } from "vitest";
import { createLogger } from "../src/index.ts";

function capture(level = "info") {
  const lines: Record<string, unknown>[] = [];
  return { lines, log: createLogger("probe", level, { write: (line) => void lines.push(JSON.parse(line)) }) };
}

test("a message is JSON with an ISO time, its level in words, name and text", () => {
  const { lines, log } = capture();
  log.info({ batch: 3 }, "fired");
  log.debug("not written");
  expect(lines).toEqual([
    {
      level: "info",
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      pid: process.pid,
      name: "probe",
      batch: 3,
      msg: "fired",
    },
  ]);
});

test("personal data and keys are hidden at any depth", () => {
  const { lines, log } = capture();
  log.info({ subject: { name: "Ann" }, events: [{ a: { b: { subject: { name: "Ann" } } } }] }, "a");
  log.info({ headers: { authorization: "Bearer xl_1", cookie: "c" }, password: "p", engineer: { name: "Ann" } }, "b");
  log.child({ requestId: "1" }).info({ request: { token: "xl_1" } }, "c");
  expect(lines).toHaveLength(3);
  expect(JSON.stringify(lines)).not.toMatch(/Ann|xl_1|"p"|"cookie":"c"/);
});

test("an error is logged with type, message, code, stack and causes, but not with the database row", () => {
  const { lines, log } = capture();
  const cause = Object.assign(new Error("duplicate key"), { code: "23505", detail: "Key (name)=(Ann) exists" });
  log.error({ err: new Error("could not save", { cause }) }, "failed");
  expect(lines[0]).toMatchObject({
    err: { type: "Error", message: "could not save", cause: { message: "duplicate key", code: "23505" } },
  });
  expect(JSON.stringify(lines)).not.toContain("Ann");
});

test("an error that is its own cause is logged once", () => {
  const { lines, log } = capture();
  const error = new Error("round");
  error.cause = error;
  log.error({ err: error }, "failed");
  expect(lines).toHaveLength(1);
});
