import { expect, test } from "vitest";
import { ResponseFault, createClient } from "../src/client.ts";
import { exitCodeMeanings, exitCodes } from "../src/exit-codes.ts";
import {
  CommandFault,
  KeyFault,
  NotFoundFault,
  UnreachableFault,
  UsageFault,
  describeError,
  exitCodeOf,
} from "../src/fault.ts";

/** Returns the fault that a client throws for a refusal with this status. */
function refusal(status: number): ResponseFault {
  const response = new Response(null, { status, headers: { "x-request-id": "0193" } });
  return new ResponseFault("POST /v1/cases", response, {
    code: "invalid_request",
    title: "The request does not have the required form",
    detail: "Correct the fields.",
    fields: [{ at: "/title", message: "must not be blank" }],
  });
}

test.each([
  [400, 3],
  [401, 5],
  [403, 5],
  [404, 4],
  [409, 3],
  [422, 3],
  [429, 6],
  [500, 6],
  [503, 6],
])("a response with the status %i gives the exit code %i", (status, code) => {
  expect(exitCodeOf(refusal(status))).toBe(code);
});

test("each kind of fault has its exit code, and each exit code has a meaning", () => {
  const faults = [CommandFault, UsageFault, NotFoundFault, KeyFault, UnreachableFault].map((Kind) => new Kind("why"));
  expect(faults.map(exitCodeOf)).toEqual([1, 2, 4, 5, 6]);
  expect(exitCodeOf(new Error("a bug"))).toBe(1);
  expect(Object.keys(exitCodeMeanings).map(Number)).toEqual(Object.values(exitCodes));
});

test("a refusal is shown with its title, explanation, fields and request id", () => {
  expect(describeError(refusal(400)).split("\n")).toEqual([
    "The request does not have the required form (invalid_request, 400)",
    "Correct the fields.",
    "  /title must not be blank",
    "Request id: 0193",
  ]);
});

test("without a response, the message names the doctor, and the exit code asks for a later attempt", async () => {
  const error: unknown = await createClient("http://127.0.0.1:9", "key")
    .get("/v1/cases")
    .catch((cause: unknown) => cause);
  expect(describeError(error)).toMatch(/^A service does not respond: `crossline doctor`/);
  expect(exitCodeOf(error)).toBe(6);
});
