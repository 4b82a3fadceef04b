import { afterEach, expect } from "vitest";
import { takeUndescribed } from "./undescribed-responses.ts";

/* A test fails if a service in its own process sends a response that the service's OpenAPI document does not describe. */

afterEach(() => {
  // oxlint-disable-next-line vitest/no-standalone-expect -- the hook belongs to every test
  expect(takeUndescribed(), "responses that the OpenAPI document does not describe").toEqual([]);
});
