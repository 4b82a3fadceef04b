import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import { refusal } from "@crossline/contracts";
import { type Http, refuse } from "@crossline/service";

/**
 * The policy of every screen. A browser runs only the scripts of this address, and only scripts that a named policy of Trusted Types
 * allows can start a worker. No other site can show a screen in a frame.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types crossline",
].join("; ");

const headers = {
  "content-security-policy": policy,
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

const buildFolder = fileURLToPath(new URL("../../web/dist", import.meta.url));
/** The addresses of the screens, and their files. The customer's screen at `/track` has a file of its own. */
const screenFiles = { "/": "index.html", "/app/*": "index.html", "/track": "track.html" } as const;
const notBuilt = refusal("unavailable", "The screens are not built. Run `npx -y pnpm --filter @crossline/web build`.");

/**
 * Serves the screens of a build, which use the public API and have no rights of their own. Without a build of the screens, the addresses of the
 * screens respond with 503, and everything else works.
 */
export function serveScreens(http: Http, built = buildFolder): void {
  const isBuilt = existsSync(built);
  if (isBuilt) {
    void http.register(fastifyStatic, {
      root: `${built}/assets`,
      prefix: "/assets/",
      wildcard: false,
      preCompressed: true,
      // The name of a file contains a hash of its content.
      immutable: true,
      maxAge: "365d",
      setHeaders: (response) => void response.headers(headers),
    });
  }
  for (const [url, file] of Object.entries(screenFiles)) {
    http.get(url, { schema: { hide: true } }, (_request, reply) =>
      isBuilt
        ? reply
            .headers({ ...headers, "cache-control": "no-cache" })
            .sendFile(file, built, { cacheControl: false, immutable: false })
        : refuse(reply, notBuilt),
    );
  }
}
