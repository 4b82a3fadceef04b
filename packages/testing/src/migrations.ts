import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { serviceNames } from "@crossline/servers";

const root = resolve(import.meta.dirname, "../../..");

/** The packages that have tables, in the order of their migrations. */
export const packagesWithTables = ["messaging", "access", "idempotency", "projection"] as const;

/**
 * Returns the migration folders of a schema. If the schema has the name of a service, the result is the list that the
 * service exports. If the schema has the name of a package, the result is the folders of that package. For any other
 * name, the result is the folders of all packages.
 */
export async function migrationFolders(schema: string): Promise<readonly string[]> {
  if ((serviceNames as readonly string[]).includes(schema)) return foldersOfService(schema);
  const owners = packagesWithTables.filter((name) => name === schema);
  return (owners.length > 0 ? owners : packagesWithTables).flatMap(foldersOfPackage);
}

/**
 * Imports the service by its path, because the service's tests depend on this package, and a dependency on the service would make
 * a cycle.
 */
async function foldersOfService(name: string): Promise<readonly string[]> {
  const file = join(root, "services", name, "src/app.ts");
  const exported = (await import(file)) as Readonly<Record<string, { readonly migrations?: readonly string[] }>>;
  const { migrations } = exported[name] ?? {};
  if (migrations === undefined) throw new Error(`${file} exports no service ${name}`);
  return migrations;
}

/**
 * Returns the migration folders of a package. If services use only some of a package's tables, the package has a
 * separate folder for each group of tables.
 */
function foldersOfPackage(name: string): string[] {
  const folder = join(root, "packages", name);
  const parts = readdirSync(folder).map((part) => join(folder, part, "migrations"));
  return [join(folder, "migrations"), ...parts].filter((path) => existsSync(path));
}
