import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { serviceNames } from "@crossline/servers";

const root = resolve(import.meta.dirname, "../../..");

/** The packages that have tables, in the order of their migrations. */
export const packagesWithTables = ["messaging", "access", "idempotency", "projection"] as const;

/**
 * Returns the folders whose migrations create a schema. A service lists the folders of its schema. A package has its own
 * folders. A schema with any other name gets the folders of all packages.
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

/** Returns the folders of a package. A package whose tables a service can choose has a folder for each choice. */
function foldersOfPackage(name: string): string[] {
  const folder = join(root, "packages", name);
  const parts = readdirSync(folder).map((part) => join(folder, part, "migrations"));
  return [join(folder, "migrations"), ...parts].filter((path) => existsSync(path));
}
