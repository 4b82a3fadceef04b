import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "@crossline/postgres";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly postgres: { readonly url: string; readonly run: string };
    readonly parts: { readonly url: string };
  }
}

// Provisional: a given server, else the one on this machine.
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url =
    process.env["TEST_DATABASE_URL"] ?? process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
  const run = `crossline_test_${randomBytes(4).toString("hex")}`;
  project.provide("postgres", { url, run });
  const brokers = process.env["KAFKA_BROKERS"]?.split(",");
  const server = createServer((_request, response) => {
    response.end(JSON.stringify({ brokers, reason: "KAFKA_BROKERS is not set" }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  project.provide("parts", { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  return async () => {
    server.close();
    const admin = connect({ url, schema: "public", applicationName: "crossline-testing" });
    const text = "select datname as name from pg_database where starts_with(datname, $1)";
    for (const { name } of await admin.query<{ name: string }>({ text, values: [run] })) {
      await admin.query({ text: `drop database if exists ${name} with (force)` });
    }
    await admin.close();
  };
}
