import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { kafkaUsersOf, topics } from "@crossline/contracts";
import { type UserRight, applyKafkaRights, listScramUsers, rightsOf } from "@crossline/messaging";
import { type LockedKafka, checkKafkaAvailability, startKafka } from "@crossline/servers";
// oxlint-disable-next-line no-restricted-imports -- this test makes rules that Crossline never makes
import { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } from "kafkajs";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { judgeRights } from "../src/doctor/kafka-rights.ts";
import { judgeUsers } from "../src/doctor/kafka-users.ts";
import {
  applyServiceRights,
  endOldUser,
  ensureVendorAccess,
  loginOf,
  operatorOptions,
  rotateUser,
  serviceUsersFor,
} from "../src/own-kafka.ts";
import { outsider } from "./kafka-outsider.ts";

const availability = checkKafkaAvailability();
const parties = [{ party: "orchard", kind: "vendor" }];

describe.skipIf(!availability.ok)("the doctor compares the rights of a locked Kafka", () => {
  const folder = mkdtempSync(join(tmpdir(), "crossline-doctor-"));
  let kafka: LockedKafka;
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    kafka = await startKafka({ name: "test", users: serviceUsersFor(undefined), folder });
    await applyServiceRights(kafka);
    await ensureVendorAccess(kafka, "orchard");
  }, 240_000);
  afterAll(async () => {
    await kafka?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const judge = (users = kafka.users.names(), known = parties) =>
    judgeRights({ options: operatorOptions(kafka), users, parties: known });
  const textOf = async (...args: Parameters<typeof judge>): Promise<string[]> =>
    (await judge(...args)).map(({ state, found }) => `${state}: ${found}`);

  /** Gives exactly these rights to one user for this test. */
  async function setRights(user: string, rights: readonly UserRight[]): Promise<void> {
    await applyKafkaRights(operatorOptions(kafka), rights, (other) => other === user);
  }

  test("rights as they should be are one good result", async () => {
    expect(await judge()).toMatchObject([{ state: "ok" }]);
  });

  test("a missing right and a surplus rule are faults with the command that fixes them", async () => {
    const user = "vendor.orchard.1";
    onTestFinished(async () => void (await ensureVendorAccess(kafka, "orchard")));
    const own = rightsOf([{ kind: "vendor", name: "orchard" }]).filter((right) => right.user === user);
    const wide = { user, resource: "topic", name: topics.case, match: "literal", operation: "read" } as const;
    await setRights(user, [...own.slice(1), wide]);
    const remedy = "run `crossline vendor-access orchard`";
    expect(await judge()).toEqual([
      expect.objectContaining({ found: expect.stringContaining(`${user} lacks 1 rights`) as string, remedy }),
      {
        check: "Kafka's rights",
        state: "fault",
        found: `${user} has a rule that it should not have: allow read on the topic ${topics.case} (literal)`,
        remedy,
      },
    ]);
  });

  test.each(["*", "ANONYMOUS", "mallory"])("a rule of %s that reaches Crossline's topics is a fault", async (user) => {
    onTestFinished(() => setRights(user, []));
    const right = { user, resource: "topic", match: "prefixed", operation: "read" } as const;
    await setRights(user, [
      { ...right, name: "cross" },
      { ...right, name: "other." },
    ]);
    expect(await textOf()).toEqual([
      `fault: ${user} has a rule that it should not have: allow read on the topic cross (prefixed)`,
    ]);
  });

  test("a rule that denies is a fault", async () => {
    const login = { brokers: kafka.brokers, sasl: loginOf(kafka.users, "operator") };
    const admin = outsider(login).admin();
    await admin.connect();
    onTestFinished(() => setRights("mallory", []));
    const denial = {
      principal: "User:mallory",
      host: "*",
      operation: AclOperationTypes.WRITE,
      permissionType: AclPermissionTypes.DENY,
      resourceType: AclResourceTypes.TOPIC,
      resourceName: topics.case,
      resourcePatternType: ResourcePatternTypes.LITERAL,
    };
    await admin.createAcls({ acl: [denial] });
    await admin.disconnect();
    expect(await textOf()).toEqual([
      `fault: mallory has a rule that it should not have: deny write on the topic ${topics.case} (literal)`,
    ]);
  });

  test("a user of an unknown vendor is a warning, and a service without a password is a fault", async () => {
    expect(await textOf(undefined, [])).toEqual([
      "warning: vendor.orchard.1 belongs to a vendor that Crossline does not know",
    ]);
    const users = kafka.users.names().filter((user) => user !== "service.timer.1");
    expect(await textOf(users)).toEqual(["fault: the service timer has no user with a password"]);
  });

  test("a user without rights on the cluster cannot list the rules", async () => {
    const options = { ...operatorOptions(kafka), sasl: loginOf(kafka.users, "service.timer.1") };
    await expect(judgeRights({ options })).rejects.toThrow(/authoriz/i);
  });

  const users = async () => judgeUsers(await listScramUsers(operatorOptions(kafka)), kafka.users.names());
  const check = "Kafka's users";

  test("an ended user is no fault, and after a restart of Kafka the other users still sign in", async () => {
    expect(await users()).toEqual([]);
    for (const name of ["orchard", "quill"]) {
      const owner = { kind: "vendor", name } as const;
      await ensureVendorAccess(kafka, name);
      await rotateUser(kafka, owner);
      expect(await endOldUser(kafka, owner)).toBe(kafkaUsersOf(owner)[0]);
    }
    await kafka.stop();
    kafka = await startKafka({ name: "test", users: serviceUsersFor(undefined), folder });
    const present = await listScramUsers(operatorOptions(kafka));
    expect(present).toContain("vendor.quill.2");
    const known = [...parties, { party: "quill", kind: "vendor" }];
    expect([...(await users()), ...(await judge([...present], known))]).toMatchObject([{ state: "ok" }]);
  });

  test("a password file without its user is a fault, and a rotation corrects it", async () => {
    const owner = { kind: "vendor", name: "basalt" } as const;
    const [user, other] = kafkaUsersOf(owner);
    writeFileSync(join(dirname(kafka.users.passwordFile("operator")), user), "password", { mode: 0o600 });
    expect(await users()).toEqual([
      {
        check,
        state: "fault",
        found: `${user} has the file of a password, but Kafka does not have the user`,
        remedy: "run `crossline vendor-access basalt --rotate`, and later `--end-old`",
      },
    ]);
    expect(await rotateUser(kafka, owner)).toBe(other);
    expect(await endOldUser(kafka, owner)).toBe(user);
    expect(await users()).toEqual([]);
  });

  test("a user without the file of its password is a fault, and a user of another program is a warning", async () => {
    const file = kafka.users.passwordFile("service.timer.1");
    await kafka.users.renew("mallory");
    rmSync(kafka.users.passwordFile("mallory"));
    renameSync(file, `${folder}/away`);
    onTestFinished(() => renameSync(`${folder}/away`, file));
    expect(await users()).toMatchObject([
      { check, state: "warning", found: "Kafka has the user mallory, which Crossline did not create" },
      { check, state: "fault", found: "Kafka has the user service.timer.1, but the file of its password is missing" },
    ]);
  });

  test("a user without rights on the cluster cannot list the users", async () => {
    const options = { ...operatorOptions(kafka), sasl: loginOf(kafka.users, "service.timer.1") };
    await expect(listScramUsers(options)).rejects.toThrow("the right DESCRIBE on the cluster");
  });
});
