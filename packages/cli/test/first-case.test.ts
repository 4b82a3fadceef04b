import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { firstCase } from "../src/demo/first-case.ts";

test("README has the first case as `npx -y pnpm start` prints it", () => {
  const readme = readFileSync(resolve(import.meta.dirname, "../../../README.md"), "utf8");
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)\n```/g)].map(([, block]) => block);
  for (const command of Object.values(firstCase("http://127.0.0.1:7300"))) expect(blocks).toContain(command);
});
