import { connect } from "@crossline/postgres";
import { CommandFault } from "./fault.ts";

const lockName = "crossline.broker";

/**
 * Reserves a database for platforms on one kind of broker, for as long as this process holds it. Platforms on Kafka share the
 * work as replicas; the in-process broker knows nothing of another process, so it wants the database for itself. Throws one
 * sentence where somebody else is in the way.
 */
export async function reserveDatabase(
  url: string,
  broker: "kafka" | "memory",
): Promise<{ readonly stop: () => Promise<void> }> {
  const database = connect({
    url,
    schema: "public",
    applicationName: "crossline-start",
    poolMax: 1,
    onError: () => {},
  });
  const released = Promise.withResolvers<void>();
  const reserved = Promise.withResolvers<boolean>();
  const session = database.session(async (tx) => {
    const text = `-- start.reserve-database
      select pg_try_advisory_lock${broker === "kafka" ? "_shared" : ""}(hashtext($1)) as "isOurs"`;
    const [row] = await tx.query<{ isOurs: boolean }>({ text, values: [lockName] });
    reserved.resolve(row?.isOurs === true);
    await released.promise;
  });
  session.catch((error: unknown) => reserved.reject(error));
  const stop = async (): Promise<void> => {
    released.resolve();
    await session.catch(() => {}); // The connection may be gone, and the lock with it.
    await database.close();
  };
  if (await reserved.promise) return { stop };
  await stop();
  throw new CommandFault(
    "Another platform uses this database with another broker: stop it first, or start with the same one (--broker).",
  );
}
