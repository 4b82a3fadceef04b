import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "packages/{contracts,domain,service}/test/**/*.test.ts",
            "infra/local/test/**/*.test.ts",
            "test/*.test.ts",
          ],
        },
      },
      {
        test: {
          name: "integration",
          include: [
            "packages/{postgres,messaging,access,idempotency,testing}/test/**/*.test.ts",
            "services/*/test/**/*.test.ts",
            "infra/parts/test/**/*.test.ts",
          ],
          globalSetup: ["packages/testing/src/setup.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/{scenarios,faults}/**/*.test.ts"],
          globalSetup: ["packages/testing/src/setup.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: 1,
        },
      },
    ],
    reporters: ["default", ["json", { outputFile: ".ci/vitest.json" }]],
  },
});
