import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folders of the migrations of a service's schema, in the order in which they are applied: those of messaging, which every
 * service has; those of the named packages, or the named folders; and the service's own folder `migrations` beside its `src`.
 */
export function migrationsOf(meta: ImportMeta, ...packages: readonly string[]): string[] {
  const besideSource = (url: string): string => fileURLToPath(new URL("../migrations", url));
  return [
    besideSource(import.meta.resolve("@crossline/messaging")),
    ...packages.map((name) => (isAbsolute(name) ? name : besideSource(meta.resolve(name)))),
    resolve(meta.dirname, "../migrations"),
  ];
}
