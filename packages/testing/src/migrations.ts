import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { serviceNames } from "@crossline/servers";

const root = resolve(import.meta.dirname, "../../..");

/** The packages that have tables, in the order in which their migrations are applied. */
export const packagesWithTables = ["messaging", "access", "idempotency", "projection"] as const;

/**
 * The migration folders of a schema: a service's as it lists them itself, and a package's where the schema has its name. Any other
 * schema has the tables of all packages.
 */
export async function migrationFolders(schema: string): Promise<readonly string[]> {
  if ((serviceNames as readonly string[]).includes(schema)) return foldersOfService(schema);
  const owners = packagesWithTables.filter((name) => name === schema);
  return (owners.length > 0 ? owners : packagesWithTables).flatMap(foldersOfPackage);
}

/** Imported by its path: a service depends on this package, for its tests, and not the other way round. */
async function foldersOfService(name: string): Promise<readonly string[]> {
  const file = join(root, "services", name, "src/app.ts");
  const exported = (await import(file)) as Readonly<Record<string, { readonly migrations?: readonly string[] }>>;
  const { migrations } = exported[name] ?? {};
  if (migrations === undefined) throw new Error(`${file} exports no service ${name}`);
  return migrations;
}

/** A package of which a service can take a part has a folder for each part. */
function foldersOfPackage(name: string): string[] {
  const folder = join(root, "packages", name);
  const parts = readdirSync(folder).map((part) => join(folder, part, "migrations"));
  return [join(folder, "migrations"), ...parts].filter((path) => existsSync(path));
}
