import { readFileSync } from "node:fs";
import { refusal } from "@crossline/contracts";
import { type Http, refuse } from "@crossline/service";
import { z } from "zod";

/** A browser runs only the script of this address, and no other page can show this page in a frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const headers = {
  "content-security-policy": policy,
  "cache-control": "no-cache",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

const read = (name: string): Buffer => readFileSync(new URL(`../../public/${name}`, import.meta.url));
const page = read("index.html");
const assets = new Map([
  ["page.css", { type: "text/css; charset=utf-8", bytes: read("page.css") }],
  ["page.js", { type: "text/javascript; charset=utf-8", bytes: read("page.js") }],
]);
const noAsset = refusal("not_found", "This address does not exist.");

/** Serves the page on which a person signs in, and its files. The page has no rights of its own: it uses the public API. */
export function servePages(http: Http): void {
  http.get("/", { schema: { hide: true } }, (_request, reply) =>
    reply.headers(headers).type("text/html; charset=utf-8").send(page),
  );
  http.get(
    "/assets/:name",
    { schema: { hide: true, params: z.object({ name: z.string().max(100) }) } },
    (request, reply) => {
      const asset = assets.get(request.params.name);
      return asset === undefined ? refuse(reply, noAsset) : reply.headers(headers).type(asset.type).send(asset.bytes);
    },
  );
}
