import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { expect, test } from "vitest";
import { serveScreens } from "../src/routes/screens.ts";

const serverOf = async (folder: string) => {
  const http = fastify();
  serveScreens(http, folder);
  await http.ready();
  return http;
};

test("without a build, the screens respond with 503 and name the command, and the service starts", async () => {
  const http = await serverOf(join(tmpdir(), "no-such-folder"));
  for (const url of ["/", "/app/board", "/track"]) {
    const response = await http.inject(url);
    expect([response.statusCode, response.json<{ detail: string }>().detail]).toEqual([
      503,
      expect.stringContaining("npx -y pnpm --filter @crossline/web build") as string,
    ]);
  }
});

test("every screen has the strict policy, and a file can be kept for ever", async () => {
  const folder = mkdtempSync(join(tmpdir(), "screens-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html>");
  writeFileSync(join(folder, "assets", "a-1.js"), "1");
  const http = await serverOf(folder);
  const page = await http.inject("/app/cases/cs_1");
  expect([page.statusCode, page.headers["cache-control"]]).toEqual([200, "no-cache"]);
  expect(page.headers["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self'; .*trusted-types/);
  const file = await http.inject("/assets/a-1.js");
  expect([file.statusCode, file.headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
  expect(file.headers["content-security-policy"]).toBe(page.headers["content-security-policy"]);
  for (const url of ["/assets/../index.html", "/assets/%2e%2e/index.html", "/assets/b.js"])
    expect((await http.inject(url)).statusCode).toBe(404);
});
