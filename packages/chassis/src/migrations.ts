import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Returns the migration folders of a service's schema in the order in which they are applied. The first folder is that
 * of messaging, which every service has. Next are the folders that `packages` names, and last are the service's own
 * `migrations`.
 */
export function migrationsOf(meta: ImportMeta, ...packages: readonly string[]): string[] {
  const besideSource = (url: string): string => fileURLToPath(new URL("../migrations", url));
  return [
    besideSource(import.meta.resolve("@crossline/messaging")),
    ...packages.map((name) => (isAbsolute(name) ? name : besideSource(meta.resolve(name)))),
    resolve(meta.dirname, "../migrations"),
  ];
}
