import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { serviceNames } from "@crossline/cli";
import { brokerSilenceMaxMs } from "@crossline/messaging";
import { insight } from "@crossline/insight";
import { parseConfig, publicDefault } from "@crossline/service";
import { intake } from "@crossline/intake";
import { describe, expect, test } from "vitest";
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
const longLived = Object.entries(containers).filter(([name]) => !checks.includes(name));
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
      ["kafka", "check-environment"],
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
