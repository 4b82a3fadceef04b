import { schemaSql } from "@crossline/testing";
import { expect, test } from "vitest";

test("schema.sql is the result of the migrations", async () => {
  await expect(await schemaSql("intake")).toMatchFileSnapshot("../schema.sql");
});
