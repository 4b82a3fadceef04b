import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { serviceNames } from "@crossline/cli";
import { kafkaUsersOf } from "@crossline/contracts";
import { brokerSilenceMaxMs } from "@crossline/messaging";
import { insight } from "@crossline/insight";
import { parseConfig, publicDefault } from "@crossline/service";
import { intake } from "@crossline/intake";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";

/* docker-compose.yml, .env.example and the check of public defaults agree, and an outage is visible in time. */

type Container = {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: Readonly<Record<"interval" | "timeout" | "start_period", string>> & {
    readonly test: readonly string[];
    readonly retries: number;
  };
  readonly read_only?: boolean;
  readonly user?: string;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
};

const root = resolve(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const text = read("docker-compose.yml");
const containers = (parse(text, { merge: true }) as { services: Record<string, Container> }).services;
const checks = ["check-environment", "check-grafana"];
/** Containers that end before the services start. */
const oneShots = [...checks, "kafka-storage", "kafka-rights"];
const longLived = Object.entries(containers).filter(([name]) => !oneShots.includes(name));
/** The variables of docker-compose.yml that have a default, each with its default. */
const defaults = new Map([...text.matchAll(/\$\{(\w+):-([^}]+)\}/g)].map(([, name = "", value = ""]) => [name, value]));

describe("public defaults", () => {
  /** The variables whose default is no secret. A new variable with a default must be in this list, or have a public default. */
  const harmless = [
    "INTAKE_PORT",
    "KAFKA_PORT",
    "GRAFANA_PORT",
    "MAIL_PORT",
    "PROMETHEUS_PORT",
    "LOG_LEVEL",
    "MAIL_FROM",
    "OUTBOX_LIMIT",
    "PARTITIONS",
    "WEBHOOK_PRIVATE_ADDRESSES",
    ...serviceNames.map((name) => `KAFKA_USER_${name.toUpperCase()}`),
  ];
  const secrets = [...defaults.keys()].filter((name) => !harmless.includes(name)).toSorted();

  test("each default of a key or password contains the text that the services refuse", () => {
    const silent = secrets.filter((name) => defaults.get(name)?.startsWith(publicDefault) !== true);
    expect(silent).toEqual([]);
    expect(secrets.length).toBeGreaterThanOrEqual(5);
  });

  test("no other value in the compose file is a public default", () => {
    const values = [...text.matchAll(new RegExp(`${publicDefault}[\\w-]*`, "g"))].map(([value]) => value);
    expect(new Set(values)).toEqual(new Set(secrets.map((name) => defaults.get(name))));
  });

  test("the containers that check the environment check each of them, and no server starts before them", () => {
    const checked = checks.flatMap((name) => containers[name]?.command ?? []);
    expect(checked.toSorted()).toEqual(secrets);
    for (const name of checks) {
      const { command = [], environment = {} } = containers[name] ?? {};
      expect(Object.keys(environment).toSorted()).toEqual(["FIRST_LOOK", ...command].toSorted());
    }
    for (const [server, check] of [
      ["postgres", "check-environment"],
      ["kafka-storage", "check-environment"],
      ["kafka", "kafka-storage"],
      ["grafana", "check-grafana"],
    ] as const)
      expect(containers[server]?.depends_on?.[check]?.condition).toBe("service_completed_successfully");
  });

  test("compose passes FIRST_LOOK on and does not set it", () => {
    const values = Object.values(containers).map(({ environment = {} }) => environment["FIRST_LOOK"]);
    expect(values.filter((value) => value !== undefined && value !== "${FIRST_LOOK:-}")).toEqual([]);
    for (const name of serviceNames) expect(containers[name]?.environment?.["FIRST_LOOK"]).toBe("${FIRST_LOOK:-}");
  });

  test(".env.example has every variable without a secret default, each with a sentence, and Git and Docker ignore .env", () => {
    const rows = read(".env.example").split("\n");
    const names = rows.flatMap((row) => /^(\w+)=$/.exec(row)?.[1] ?? []);
    expect(names.toSorted()).toEqual(secrets);
    for (const name of names) expect(rows[rows.indexOf(`${name}=`) - 1]).toMatch(/^# The .*\.$/);
    for (const file of [".gitignore", ".dockerignore"]) expect(read(file).split("\n")).toContain(".env");
  });

  const check = (environment: Readonly<Record<string, string>>) =>
    spawnSync("bash", [join(root, "infra/check-environment.sh"), ...secrets], {
      env: { PATH: process.env["PATH"], ...environment },
      encoding: "utf8",
    });

  test("the check of the environment exits with 78 and names each variable, unless FIRST_LOOK is 1", () => {
    const environment = Object.fromEntries(defaults);
    const { status, stderr } = check(environment);
    expect(status).toBe(78);
    expect(stderr.trimEnd().split("\n")).toEqual(
      secrets.map((name) => expect.stringMatching(new RegExp(`^${name} .*\\.env\\.example.* FIRST_LOOK=1 .*\\.$`))),
    );
    expect(check({ ...environment, FIRST_LOOK: "1" }).status).toBe(0);
  });

  test("the check and intake accept the values that the command in .env.example generates", () => {
    const [command = ""] = /\(umask .*\)$/m.exec(read(".env.example")) ?? [];
    const script = command.replace("> .env)", ")");
    const generated = execFileSync("bash", ["-c", script], { cwd: root, encoding: "utf8" });
    const values = Object.fromEntries(
      [...generated.matchAll(/^(\w+)=(.+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
    expect(Object.keys(values).toSorted()).toEqual(secrets);
    expect(new Set(Object.values(values)).size).toBe(secrets.length);
    expect(check(values).status).toBe(0);
    const url = `postgres://crossline_intake:${values["SERVICE_PASSWORD"]}@postgres:5432/crossline`;
    expect(parseConfig(intake.config, { ...values, DATABASE_URL: url })).toHaveProperty("config");
  });
});

describe("users of Kafka", () => {
  const passwordOf = (user: string): string => {
    const name = `KAFKA_PASSWORD_${user.toUpperCase()}`;
    return `\${${name}:-${defaults.get(name)}}`;
  };
  const passwords = [...defaults.keys()].filter((name) => name.startsWith("KAFKA_PASSWORD_"));

  test("the broker, the operator and each service have their own password", () => {
    const users = ["operator", "broker", ...serviceNames].map((user) => `KAFKA_PASSWORD_${user.toUpperCase()}`);
    expect(passwords.toSorted()).toEqual(users.toSorted());
    const { environment = {} } = containers["kafka-storage"] ?? {};
    expect(Object.keys(environment).filter((name) => name.startsWith("KAFKA_PASSWORD_"))).toEqual(passwords);
    // After a rotation, a new volume must have the users that the containers name.
    for (const name of serviceNames) {
      const variable = `KAFKA_USER_${name.toUpperCase()}`;
      expect(environment[variable]).toBe(containers[name]?.environment?.["KAFKA_USER"]);
    }
  });

  test("each service signs in as its own user, and its container has no other password of Kafka", () => {
    for (const name of serviceNames) {
      const { environment = {} } = containers[name] ?? {};
      expect(environment).toMatchObject({
        KAFKA_SASL_MECHANISM: "scram-sha-512",
        KAFKA_USER: `\${KAFKA_USER_${name.toUpperCase()}:-${kafkaUsersOf({ kind: "service", name })[0]}}`,
        KAFKA_PASSWORD: passwordOf(name),
      });
      const seen = passwords.filter((password) => JSON.stringify(environment).includes(password));
      expect(seen).toEqual([`KAFKA_PASSWORD_${name.toUpperCase()}`]);
    }
    expect(JSON.stringify(containers["kafka"]).match(/KAFKA_PASSWORD_(?!BROKER)\w+/g)).toBeNull();
  });

  test("every service starts after its user has its rights", () => {
    expect(containers["kafka-rights"]?.environment).toMatchObject({
      KAFKA_USER: "operator",
      KAFKA_PASSWORD: passwordOf("operator"),
    });
    for (const name of serviceNames)
      expect(containers[name]?.depends_on?.["kafka-rights"]?.condition).toBe("service_completed_successfully");
  });

  test("no listener of Kafka accepts a client without a user", () => {
    const { environment = {} } = containers["kafka"] ?? {};
    expect(environment["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"]?.replaceAll(/\w+:SASL_PLAINTEXT,?/g, "")).toBe("");
    expect(environment["KAFKA_LISTENERS"]).toMatch(/,CONTROLLER:\/\/127\.0\.0\.1:9093$/);
    expect(environment).toMatchObject({
      KAFKA_AUTHORIZER_CLASS_NAME: "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
      KAFKA_SUPER_USERS: "User:broker;User:operator",
    });
    expect(text).not.toMatch(/ALLOW_EVERYONE|ANONYMOUS/);
  });

  describe("the script that formats the volume", () => {
    const folder = mkdtempSync(join(tmpdir(), "crossline-format-"));
    afterAll(() => rmSync(folder, { recursive: true }));
    const format = (environment: Readonly<Record<string, string>>) =>
      spawnSync("bash", [join(root, "infra/kafka/format.sh")], {
        env: { PATH: process.env["PATH"], KAFKA_LOG_DIRS: folder, CLUSTER_ID: "any", ...environment },
        encoding: "utf8",
      });

    test("refuses a password that Kafka's settings cannot contain, without the password", () => {
      const { status, stderr } = format({ KAFKA_PASSWORD_TIMER: 'quo"ted' });
      expect(stderr).toBe("KAFKA_PASSWORD_TIMER must have only letters, digits, hyphens and underscores.\n");
      expect(status).toBe(78);
      expect(readdirSync(folder)).toEqual([]);
    });

    test("makes the user that a service has since its last rotation", () => {
      const names = { KAFKA_PASSWORD_BROKER: "any", KAFKA_PASSWORD_TIMER: "any", KAFKA_USER_TIMER: "service.timer.2" };
      const volume = mkdtempSync(join(folder, "volume-"));
      // Kafka's tool is only in the container, so the script ends after it has written its list of users.
      expect(format({ ...names, KAFKA_LOG_DIRS: volume }).stderr).toContain("kafka-run-class.sh");
      expect(readFileSync(join(volume, "crossline.users"), "utf8")).toBe("broker\nservice.timer.2\n");
    });

    test("refuses a volume from before the users, and leaves a volume with users as it is", () => {
      writeFileSync(join(folder, "meta.properties"), "version=1\n");
      const { status, stderr } = format({ KAFKA_PASSWORD_TIMER: "any" });
      expect(stderr).toMatch(/^[^\n]*`npx -y pnpm crossline set-aside --compose --yes`[^\n]*\.\n$/);
      expect(status).toBe(78);
      writeFileSync(join(folder, "crossline.users"), "operator\n");
      expect(format({ KAFKA_PASSWORD_TIMER: "any" }).status).toBe(0);
    });
  });
});

describe("health checks", () => {
  const seconds = (duration = ""): number => Number(/^(\d+)s$/.exec(duration)?.[1] ?? Infinity);
  /** The time after which a service reports an outage of Kafka: the longest of all services. */
  const silence = Math.max(brokerSilenceMaxMs(), brokerSilenceMaxMs(insight.reads.pollMs)) / 1_000;

  test.each(longLived)(
    "%s shows an outage within 10 s, and may take a minute for its start",
    (name, { healthcheck }) => {
      const { interval, timeout, retries = Infinity, start_period: start } = healthcheck ?? {};
      // A frozen container lets each check run into its timeout.
      expect(retries * (seconds(interval) + seconds(timeout))).toBeLessThanOrEqual(10);
      // A service without Kafka responds to the check at once, and a second remains for the requests.
      const silent = (serviceNames as readonly string[]).includes(name) ? silence + 1 : 0;
      expect(silent + retries * seconds(interval)).toBeLessThanOrEqual(10);
      expect(seconds(start)).toBeGreaterThanOrEqual(60);
    },
  );
});

describe("privileges", () => {
  test.each(Object.entries(containers))("%s has no capabilities and cannot gain privileges", (_, container) => {
    expect(container.cap_drop).toEqual(["ALL"]);
    expect(container.security_opt).toEqual(["no-new-privileges:true"]);
  });

  test("each container is read-only, except the two that write into their own file system", () => {
    const writable = Object.entries(containers).filter(([, container]) => container.read_only !== true);
    expect(writable.map(([name]) => name).toSorted()).toEqual(["grafana", "prometheus"]);
  });

  test("the services and Postgres do not run as root", () => {
    expect(read("infra/service.Dockerfile")).toMatch(/^USER node$/m);
    for (const name of serviceNames) expect(containers[name]?.user).toBeUndefined();
    expect(containers["postgres"]?.user).toBe("postgres");
  });
});
