import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Returns the folders of the migrations of a service's schema in the order of their application. First comes the folder of
 * messaging, which every service has. Then come the named packages or folders, and last the service's own `migrations`.
 */
export function migrationsOf(meta: ImportMeta, ...packages: readonly string[]): string[] {
  const besideSource = (url: string): string => fileURLToPath(new URL("../migrations", url));
  return [
    besideSource(import.meta.resolve("@crossline/messaging")),
    ...packages.map((name) => (isAbsolute(name) ? name : besideSource(meta.resolve(name)))),
    resolve(meta.dirname, "../migrations"),
  ];
}
