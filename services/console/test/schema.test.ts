import { schemaSql } from "@crossline/testing";
import { expect, test } from "vitest";

test("schema.sql equals the result of the migrations", async () => {
  await expect(await schemaSql("console")).toMatchFileSnapshot("../schema.sql");
});
