import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { findChromium } from "./test/web/chromium.ts";

/** The files that take the longest, in the order in which they start. As the last file, each would leave the other workers idle. */
const longest = [
  "/test/audit.",
  "/owed.property.",
  "/scenarios/three-hour-call",
  "/faults/outages",
  "/scenarios/rights.",
  "/scenarios/canary.",
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = longest.findIndex((part) => moduleId.includes(part));
      return place < 0 ? longest.length : place;
    };
    // oxlint-disable-next-line unicorn/no-array-sort -- it is the sequencer's own method
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

/** The tests of the project `long`. */
const longTests = ["**/*.long.test.ts"];

/** Servers and screens respond late on a busy machine, so `expect.poll` waits longer than its default of one second. */
const patient = { poll: { timeout: 10_000 } };

const chromium = await findChromium();

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          // With a worker for each file, every worker read all modules: 41 files took 22 s of processor time, and 6 s without.
          isolate: false,
          maxWorkers: 3,
          include: [
            "packages/{cli,contracts,domain,service,tracing}/test/**/*.test.ts",
            "test/*.test.ts",
            "test/guard/*.test.ts",
            "test/nemesis/test/*.test.ts",
            "test/bench/test/*.test.ts",
            "services/console/web/test/**/*.test.ts",
          ],
          exclude: longTests,
        },
      },
      {
        test: {
          name: "integration",
          isolate: false,
          // These tests mostly wait for servers. One worker, the default on two cores, left half of the machine idle.
          maxWorkers: 3,
          include: [
            "packages/{postgres,messaging,access,idempotency,projection,chassis,servers,testing}/test/**/*.test.ts",
            "services/*/test/**/*.test.ts",
            "test/reports/*.test.ts",
          ],
          exclude: longTests,
          expect: patient,
          globalSetup: ["packages/testing/src/setup.ts"],
          setupFiles: ["packages/testing/src/described-responses.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Without Chromium, the project has no files, and `test/web/setup.ts` says why.
        test: {
          name: "components",
          include: "launch" in chromium ? ["services/console/web/test/**/*.test.tsx"] : [],
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright("launch" in chromium ? { launchOptions: chromium.launch } : {}),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: {
          // `npx -y pnpm test` leaves these tests out. `npx -y pnpm verify` runs them after all other tests.
          name: "long",
          include: ["{packages,services}/*/test/**/*.long.test.ts", "test/**/*.long.test.ts"],
          expect: patient,
          globalSetup: ["packages/testing/src/setup.ts", "test/web/setup.ts"],
          setupFiles: ["packages/testing/src/described-responses.ts"],
          // Three of these tests at once use both processors. A scenario with two hundred commands then took 60 s.
          testTimeout: 120_000,
          hookTimeout: 60_000,
          isolate: false,
          sequence: { groupOrder: 3 },
          maxWorkers: 3,
        },
      },
      {
        test: {
          name: "simulation",
          include: ["test/simulation/*.test.ts"],
          // The simulation uses both processors, so it runs after the quick tests and before the tests with time limits.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/scenarios/**/*.test.ts", "test/web/*.test.ts"],
          exclude: longTests,
          expect: patient,
          globalSetup: ["packages/testing/src/setup.ts", "test/web/setup.ts"],
          setupFiles: ["packages/testing/src/described-responses.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Without isolation, a worker imports the services once instead of once for each of 26 files.
          isolate: false,
          // These tests run last, so that no other test uses the processor. Three scenarios at once mostly wait.
          sequence: { groupOrder: 2 },
          maxWorkers: 3,
        },
      },
    ],
    reporters: ["default", ["json", { outputFile: ".ci/vitest.json" }]],
  },
});
