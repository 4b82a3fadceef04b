import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ofEveryService = ["@crossline/messaging", "@crossline/access"];

/**
 * The folders of the migrations of a service's schema, in the order in which they are applied: those of the packages whose
 * tables every service has, those of the named packages, and the service's own folder `migrations` beside its `src`.
 */
export function migrationsOf(meta: ImportMeta, ...packages: readonly string[]): string[] {
  const shared = [...ofEveryService, ...packages].map((name) =>
    fileURLToPath(new URL("../migrations", meta.resolve(name))),
  );
  return [...shared, resolve(meta.dirname, "../migrations")];
}
