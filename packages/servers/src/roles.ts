import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { connect, type Database } from "@crossline/postgres";

/** The services that have a schema of their own. */
export const serviceNames = ["intake", "timer", "routing", "notification", "auditor"] as const;
export type ServiceName = (typeof serviceNames)[number];

const file = resolve(import.meta.dirname, "../../../infra/postgres/roles.sql");

/**
 * Makes, in the database of this address, a schema per service and a role `crossline_<service>` that owns it and may enter
 * no other, and gives each one's address. May run again and many times at once. The passwords are functions of the
 * address' own, so that whoever has that comes to the same ones. Wants a user who may make roles and schemas.
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
      // Roles belong to the whole cluster, and no lock that everybody may take does.
      if (tries === 20 || !/concurrently updated|duplicate key|already exists/.test(String(error))) throw error;
      await delay(10 * tries * Math.random());
    }
  }
}

/** A service's address in the administrator's database, as `createRoles` makes it. */
export function serviceUrl(adminUrl: string, service: ServiceName): string {
  const url = new URL(adminUrl);
  const secret = decodeURIComponent(url.password);
  url.username = `crossline_${service}`;
  url.password = createHash("sha256").update(`${secret}${url.username}`).digest("hex");
  return url.href;
}
