import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of more than a minute, the longest first: as the last file, each would keep the other workers idle. */
const longest = ["/faults/outages", "/scenarios/rights.", "/scenarios/three-hour-call"];

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

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          // A file's own worker read every module again: 22 s of processor time for 41 files of rules, 6 s without.
          isolate: false,
          maxWorkers: 3,
          include: [
            "packages/{cli,contracts,domain,service,tracing}/test/**/*.test.ts",
            "test/*.test.ts",
            "test/nemesis/test/*.test.ts",
            "test/bench/test/*.test.ts",
          ],
        },
      },
      {
        test: {
          name: "integration",
          isolate: false,
          // They mostly wait for servers: one worker, the default of two cores, left half of a machine idle.
          maxWorkers: 3,
          include: [
            "packages/{postgres,messaging,access,idempotency,projection,chassis,servers,testing}/test/**/*.test.ts",
            "services/*/test/**/*.test.ts",
          ],
          globalSetup: ["packages/testing/src/setup.ts"],
          setupFiles: ["packages/testing/src/described-responses.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "simulation",
          include: ["test/simulation/*.test.ts"],
          // It takes two processors whole: after those that are quick, and before those that tell time.
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/{scenarios,faults}/**/*.test.ts"],
          globalSetup: ["packages/testing/src/setup.ts"],
          setupFiles: ["packages/testing/src/described-responses.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // After the others, so that nothing takes their processor; three stages at once, which mostly wait.
          sequence: { groupOrder: 2 },
          maxWorkers: 3,
        },
      },
    ],
    reporters: ["default", ["json", { outputFile: ".ci/vitest.json" }]],
  },
});
