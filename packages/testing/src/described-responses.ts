import { afterEach, expect } from "vitest";
import { takeUndescribed } from "./undescribed-responses.ts";

/* A test fails where a service that it started in its own process gave an answer that its OpenAPI document does not have. */

afterEach(() => {
  // oxlint-disable-next-line vitest/no-standalone-expect -- it stands in a hook that belongs to every test
  expect(takeUndescribed(), "answers that the OpenAPI document does not have").toEqual([]);
});
