import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Operation, operationsOf } from "../openapi/document.ts";
import { defectsOf } from "../openapi/defects.ts";
import { fuzz } from "../fuzz/run.ts";
import { toText } from "../fuzz/report.ts";
import { type Stage, openStage, operatorKey } from "./stage.ts";

/* The OpenAPI document of the public address is complete and correct. */

let stage: Stage;
let document: any;
let operations: readonly Operation[];
beforeAll(async () => {
  stage = await openStage({ inProcess: true, insight: true, console: true });
  document = await (await fetch(`${stage.url}/openapi.json`)).json();
  operations = operationsOf(document);
});
afterAll(() => stage?.close());

test("the document is valid OpenAPI 3.1, and each reference has a target", async () => {
  const validator = new Validator();
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
  expect(validator.version).toBe("3.1");
  expect(() => validator.resolveRefs()).not.toThrow();
});

test("each operation has a unique id", () => {
  const ids = operations.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  expect(ids.length).toBeGreaterThanOrEqual(95);
});

test("each operation has everything that a generated client needs, and its examples match their schemas", () => {
  expect(operations.flatMap(defectsOf)).toEqual([]);
});

const requests = Number(process.env["FUZZ_REQUESTS"] ?? 1_000);
const seed = Number(process.env["FUZZ_SEED"] ?? 7);

test(
  "each response to any request is in the document, and none is a fault",
  async () => {
    const result = await fuzz(stage, { requests, seed, operatorKey });
    if (process.env["FUZZ_REQUESTS"] !== undefined) console.log(toText(result));
    expect(result.faults).toEqual([]);
  },
  120_000 + requests * 100,
);
