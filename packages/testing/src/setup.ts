import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    readonly postgres: { readonly url: string };
  }
}

// Provisional: a given server, else the one on this machine.
// oxlint-disable-next-line import/no-default-export -- vitest calls the default export
export default function setup(project: TestProject): void {
  const url =
    process.env["TEST_DATABASE_URL"] ?? process.env["DATABASE_URL"] ?? "postgres://postgres@127.0.0.1:5432/postgres";
  project.provide("postgres", { url });
}
