import { connect } from "@crossline/postgres";
import { CommandFault } from "./fault.ts";

const lockName = "crossline.broker";

/**
 * Reserves a database for one kind of broker until `stop` or the end of this process. Several platforms on Kafka can
 * share one database as replicas. A platform with the in-process broker must not share its database, because this
 * broker cannot reach another process. Throws a CommandFault if another platform has reserved the database.
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
    await session.catch(() => {}); // After a failure of the connection, Postgres releases the lock.
    await database.close();
  };
  if (await reserved.promise) return { stop };
  await stop();
  throw new CommandFault(
    "Another platform uses this database with another broker: stop it first, or start with the same broker (--broker).",
  );
}
