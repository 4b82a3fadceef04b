import { schemaSql } from "@crossline/testing";
import { expect, test } from "vitest";

test("schema.sql is what the migrations make", async () => {
  await expect(await schemaSql("projection")).toMatchFileSnapshot("../schema.sql");
});
