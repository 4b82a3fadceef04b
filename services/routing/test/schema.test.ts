import { connect, migrate } from "@crossline/postgres";
import { describeSchema, freshDatabase } from "@crossline/testing";
import { expect, test } from "vitest";
import { routingMigrations } from "../src/migrations.ts";

const head = `-- What the migrations make of the schema \`routing\`. Generated; after a new migration write it anew:
-- npx vitest run --project integration services/routing/test/schema.test.ts -u
`;

test("schema.sql is what the migrations make", async () => {
  const fresh = await freshDatabase("empty");
  const place = { url: fresh.url, schema: "described" };
  await migrate({ ...place, directories: routingMigrations });
  const database = connect({ ...place, applicationName: "routing-test" });
  const text = await describeSchema(database).finally(() => database.close());
  await fresh.drop();
  await expect(`${head}\n${text}`).toMatchFileSnapshot("../schema.sql");
});
