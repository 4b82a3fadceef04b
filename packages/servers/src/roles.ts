import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect, type Database } from "@crossline/postgres";

/** The services, each of which has its own schema. */
export const serviceNames = ["intake", "timer", "routing", "notification", "auditor", "insight", "console"] as const;
export type ServiceName = (typeof serviceNames)[number];

const file = resolve(import.meta.dirname, "../../../infra/postgres/roles.sql");

/**
 * Creates a schema and a role `crossline_<service>` per service in this database, and returns the URL of each role. The role owns
 * its schema and can enter no other schema. Callers can repeat the call, and several callers can call the function at once. Each
 * password is derived from the password of the URL, so every caller gets the same passwords. The user of the URL must be able to
 * create roles and schemas.
 */
export async function createRoles<Name extends ServiceName>(
  adminUrl: string,
  services: readonly Name[],
): Promise<Record<Name, string>> {
  const secret = decodeURIComponent(new URL(adminUrl).password);
  const admin = connect({ url: adminUrl, schema: "public", applicationName: "crossline-roles", poolMax: 1 });
  try {
    await apply(admin, services, secret);
  } finally {
    await admin.close();
  }
  return Object.fromEntries(services.map((name) => [name, serviceUrl(adminUrl, name)])) as Record<Name, string>;
}

async function apply(admin: Database, services: readonly ServiceName[], secret: string): Promise<void> {
  const text = readFileSync(file, "utf8");
  for (let tries = 1; ; tries++) {
    try {
      return await admin.transaction(async (tx) => {
        const settings = "select set_config('crossline.services', $1, true), set_config('crossline.secret', $2, true)";
        await tx.query({ text: settings, values: [services.join(" "), secret] });
        await tx.query({ text });
      });
    } catch (error) {
      // Roles belong to the whole cluster, and PostgreSQL has no cluster-wide lock that every user may take.
      if (tries === 20 || !/concurrently updated|duplicate key|already exists/.test(String(error))) throw error;
      await delay(10 * tries * Math.random());
    }
  }
}

/** Returns the URL of a service's role in the administrator's database. `createRoles` returns the same URL. */
export function serviceUrl(adminUrl: string, service: ServiceName): string {
  const url = new URL(adminUrl);
  const secret = decodeURIComponent(url.password);
  url.username = `crossline_${service}`;
  url.password = createHash("sha256").update(`${secret}${url.username}`).digest("hex");
  return url.href;
}
