import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Returns the migration folders of a service's schema in the order in which they are applied. The folder of messaging, which
 * every service has, is the first. The named packages or folders follow. The service's own `migrations` are the last.
 */
export function migrationsOf(meta: ImportMeta, ...packages: readonly string[]): string[] {
  const besideSource = (url: string): string => fileURLToPath(new URL("../migrations", url));
  return [
    besideSource(import.meta.resolve("@crossline/messaging")),
    ...packages.map((name) => (isAbsolute(name) ? name : besideSource(meta.resolve(name)))),
    resolve(meta.dirname, "../migrations"),
  ];
}
