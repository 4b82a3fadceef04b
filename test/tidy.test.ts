import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { nodeFlags } from "@crossline/cli";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "./generated/all.ts";
import { findingsIn } from "./words/findings.ts";

const root = resolve(import.meta.dirname, "..");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(join(root, file)));
const read = (file: string): string => readFileSync(join(root, file), "utf8");
const sources = files.filter((file) => /\.tsx?$/.test(file));
const services = ["intake", "timer", "routing", "notification", "auditor", "insight", "console"];

describe("the dependencies between packages", () => {
  const service = [
    "contracts",
    "domain",
    "postgres",
    "messaging",
    "service",
    "access",
    "idempotency",
    "projection",
    "tracing",
    "chassis",
  ];
  const allowed: Readonly<Record<string, readonly string[]>> = {
    "packages/contracts": [],
    "packages/domain": ["contracts"],
    "packages/postgres": ["contracts"],
    "packages/tracing": [],
    "packages/messaging": ["contracts", "postgres", "tracing"],
    "packages/service": ["contracts", "tracing"],
    "packages/access": ["contracts", "postgres", "messaging"],
    "packages/idempotency": ["contracts", "postgres"],
    "packages/projection": ["contracts", "domain", "postgres"],
    "packages/chassis": ["contracts", "postgres", "messaging", "service", "access", "tracing"],
    "packages/testing": ["contracts", "postgres", "messaging", "servers"],
    "packages/servers": ["postgres"],
    "packages/cli": [
      "contracts",
      "domain",
      "postgres",
      "messaging",
      "service",
      "access",
      "chassis",
      "servers",
      "tracing",
      ...services,
    ],
    ...Object.fromEntries(services.map((name) => [`services/${name}`, service])),
    // The browser gets the types of contracts, and one function of the domain: canonical JSON, with which it verifies a dossier.
    "services/console/web": ["contracts", "domain"],
    // The auditor checks the domain's rules independently, so it must not depend on them.
    "services/auditor": service.filter((name) => name !== "domain"),
  };
  test.each(Object.entries(allowed))("%s depends only on allowed packages", (folder, may) => {
    const { dependencies = {} } = JSON.parse(read(`${folder}/package.json`)) as {
      dependencies?: Record<string, string>;
    };
    const own = Object.keys(dependencies).filter((name) => name.startsWith("@crossline/"));
    expect(own.filter((name) => !may.includes(name.slice("@crossline/".length)))).toEqual([]);
  });

  test("the list of dependencies contains every package", () => {
    const folders = files
      .filter((file) => /^(?:(?:packages|services|infra)\/[^/]+|services\/console\/web)\/package\.json$/.test(file))
      .map(dirname);
    expect(folders.toSorted()).toEqual(Object.keys(allowed).toSorted());
  });
});

test("a file imports another package by its name, and its own package by path", () => {
  const packageOf = (path: string): string =>
    /^(?:services\/console\/web|(?:packages|services)\/[^/]+|test)(?=\/)/.exec(path)?.[0] ?? "";
  const straying = sources.flatMap((file) =>
    [...read(file).matchAll(/(?:\bfrom|\bimport)[\s(]*"(\.[^"]+)"/g)]
      .map(([, target]) => join(dirname(file), target ?? ""))
      // A file outside all packages, for example vitest.config.ts, has no package of its own.
      .filter((target) => packageOf(file) !== "" && packageOf(target) !== packageOf(file))
      .map((target) => `${file} imports ${target}`),
  );
  expect(straying).toEqual([]);
});

test("the auditor shares no rule with the domain", () => {
  const sharing = sources.filter(
    (file) =>
      file.startsWith("services/auditor/") &&
      /["'](?:@crossline\/(?:domain|projection\/compiled-lines)|.*packages\/domain)/.test(read(file)),
  );
  expect(sharing).toEqual([]);
});

/** The rooms of a service in reading order. A file imports only from its own room and from later rooms. */
const rooms = [
  "main.ts",
  "app.ts",
  "audit.ts",
  "facts.ts",
  "scanner.ts",
  "metrics.ts",
  "mail",
  "routes",
  "proxy",
  "streams",
  "workers",
  "consumers",
  "tasks",
  "commands",
  "schedule",
  "timelines",
  "responses",
  "admission",
  "services",
  "issuers",
  "store",
  "rules",
  "delivery",
  "config.ts",
];
/** The rooms that only one service has. */
const ownRooms: Readonly<Record<string, readonly string[]>> = {
  intake: ["mail", "proxy", "timelines", "responses", "admission", "services"],
  auditor: ["audit.ts", "rules"], // `audit.ts` is an entry point for tests. `rules` replaces the domain's rules.
  console: ["issuers", "streams"], // `issuers` calls the issuers of OpenID Connect. `streams` has the open streams of the process.
  insight: ["facts.ts"], // `facts.ts` is an entry point for the proof of the reports.
  notification: ["delivery"], // `delivery` contains the contact methods and the rules of retries.
  timer: ["scanner.ts", "schedule"], // `scanner.ts` is an entry point for benchmarks. `schedule` keeps the next deadlines in memory.
};

test.each(services)("%s has only rooms that a service can have", (service) => {
  const names = (folder: string): string[] => readdirSync(join(root, "services", service, folder));
  const foreign = Object.entries(ownRooms).flatMap(([owner, own]) => (owner === service ? [] : own));
  expect(names("src").filter((name) => !rooms.includes(name) || foreign.includes(name))).toEqual([]);
  expect(names("src")).toEqual(expect.arrayContaining(["main.ts", "config.ts", "app.ts", "store", "routes"]));
  expect(names(".")).toEqual(expect.arrayContaining(["README.md", "migrations", "schema.sql", "src", "test"]));
});

test.each(services)("%s exports its program and at most one other entry point", (service) => {
  const { exports } = JSON.parse(read(`services/${service}/package.json`)) as { exports: Record<string, string> };
  const [program, ...others] = Object.values(exports);
  expect(program).toBe("./src/app.ts");
  expect(others.length).toBeLessThanOrEqual(1);
  // A second entry point must be a separate file, whose docstring names its users.
  expect(others.filter((path) => !/^\.\/src\/[^/]+\.ts$/.test(path))).toEqual([]);
});

describe("inside a service", () => {
  const serviceSources = sources.filter((file) => /^services\/[^/]+\/src\//.test(file));
  const roomOf = (file: string): string => file.split("/")[3] ?? "";

  test("a file imports values and types only from its own room and later rooms", () => {
    const uphill = serviceSources.flatMap((file) =>
      [...read(file).matchAll(/(?:from|import\() ?"(\.{1,2}\/[^"]+)"/g)]
        .map(([, target]) => join(dirname(file), target ?? ""))
        .filter((target) => rooms.indexOf(roomOf(target)) < rooms.indexOf(roomOf(file)))
        .map((target) => `${file} imports ${roomOf(target)}`),
    );
    expect([...new Set(uphill)]).toEqual([]);
  });

  test("every file in the room `workers` starts a loop", () => {
    const loopless = serviceSources.filter((file) => roomOf(file) === "workers" && !read(file).includes("startLoop("));
    expect(loopless).toEqual([]);
  });
});

test.each([...generatedFiles()])("%s has the text that `npx -y pnpm generate` writes", (path, text) => {
  expect(read(path)).toBe(text);
});

test("no document has a dead link", () => {
  const dead = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
        ([, target]) => [file, target ?? ""] as const,
      ),
    )
    .filter(([file, target]) => !existsSync(resolve(root, dirname(file), target)));
  expect(dead).toEqual([]);
});

/** Returns GitHub's anchors of the headings of a document. */
const anchorsOf = (file: string): string[] =>
  [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .replaceAll(/[`*]|\]\([^)]*\)/g, "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

test("no document and no alert has a link to a heading that does not exist", () => {
  const dead = files
    .filter((file) => /\.(?:md|ya?ml)$/.test(file))
    .flatMap((file) =>
      [...read(file).matchAll(/(?:\]\(|runbook: )((?!https?:)[^)#\s]*)#([^)\s"]+)/g)].map(
        ([, target = "", anchor = ""]) => ({ file, target, anchor }),
      ),
    )
    .filter(({ file, target, anchor }) => {
      const path =
        target === "" ? file : relative(root, resolve(root, target.startsWith("docs/") ? "." : dirname(file), target));
      return path.endsWith(".md") && !(existsSync(join(root, path)) && anchorsOf(path).includes(anchor));
    });
  expect(dead).toEqual([]);
});

test("documents name only commands that exist", () => {
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  const named = files
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) =>
      [...read(file).matchAll(/npx -y pnpm ([a-z:]+)/g)].map(([, script]) => [file, script ?? ""] as const),
    )
    .filter(([, script]) => script !== "exec" && script !== "install" && !Object.hasOwn(scripts, script));
  expect(named).toEqual([]);
});

test("names contain no meaningless words such as Manager or Util", () => {
  const banned = /(?:Manager|Helper|Util|Utils|Impl|Common)\b|\b(?:manager|helper|util|utils|common|misc)\b/;
  const names = sources.flatMap((file) => [
    ...(banned.test(file.replace(/\.ts$/, "").replaceAll("-", " ")) ? [file] : []),
    ...[...read(file).matchAll(/export (?:const|function|type|class|async function) (\w+)/g)]
      .filter(([, name]) => banned.test(name ?? ""))
      .map(([, name]) => `${file}: ${name}`),
  ]);
  expect(names).toEqual([]);
});

test("every SQL statement of a store begins with its name", () => {
  const nameless = sources
    .filter((file) => /^(services|packages)\/[^/]+\/src\//.test(file) && !file.startsWith("packages/domain"))
    .flatMap((file) =>
      [...read(file).matchAll(/text:\s*`([^`]*)`/g)].map(([, text]) => [file, (text ?? "").trim()] as const),
    )
    .filter(([, text]) => /^(?:select|insert|update|delete|with)\b/.test(text));
  expect(nameless).toEqual([]);
});

test("no file contains a path of one machine or the host of a registry", () => {
  const pattern =
    /(^|[^A-Za-z0-9._-])\/(tmp|work|farm|root)\/[A-Za-z0-9._-]+|https?:\/\/[a-z0-9.-]*(npmjs|maven|debian)/m;
  const exempt = ["pnpm-lock.yaml", "LICENSE"];
  expect(files.filter((file) => !exempt.includes(file) && pattern.test(read(file)))).toEqual([]);
});

test("a service's image runs Node as a local start does", () => {
  const command = /^CMD \["node", (.*), "src\/main.ts"\]$/m.exec(read("infra/service.Dockerfile"))?.[1] ?? "";
  const limit = /NODE_OPTIONS: (\S+)/.exec(read("docker-compose.yml"))?.[1] ?? "";
  expect([...(JSON.parse(`[${command}]`) as string[]), limit]).toEqual(nodeFlags);
});

test("a source file has at most 300 rows", () => {
  const long = sources
    .filter((file) => !file.endsWith(".test.ts"))
    .filter((file) => read(file).split("\n").length > 300);
  expect(long).toEqual([]);
});

test("texts and names follow docs/style.md, and exported functions have docstrings", { timeout: 120_000 }, () => {
  expect(findingsIn(files).map(({ place, rule, text }) => `${place} [${rule}] ${text}`)).toEqual([]);
});

test("the domain builds each event in one function, without a cast", () => {
  const casting = sources.filter(
    (file) => file.startsWith("packages/domain/src/") && read(file).includes(" as unknown as "),
  );
  expect(casting).toEqual([]);
});

test("the files of the domain's hand-offs import only files that come earlier in the reading order", () => {
  const order = [...read("packages/domain/README.md").matchAll(/^\d+\. `(\S+\.ts)`/gm)].map(([, name = ""]) => name);
  const folder = "packages/domain/src/handoff";
  expect(order.toSorted()).toEqual(readdirSync(join(root, folder)).toSorted());
  const upward = order.flatMap((name, place) =>
    [...read(`${folder}/${name}`).matchAll(/from "\.\/(\S+)"/g)]
      .filter(([, imported]) => order.indexOf(imported ?? "") >= place)
      .map(([, imported]) => `${name} imports ${imported}`),
  );
  expect(upward).toEqual([]);
});

test("routes and commands use types instead of assertions", () => {
  const asserting = sources.filter(
    (file) => /^services\/[^/]+\/src\/(?:routes|commands)\//.test(file) && /\bassert\b/.test(read(file)),
  );
  expect(asserting).toEqual([]);
});

const checkedSources = sources.filter((file) => /^(?:services|packages)\/[^/]+\/src\//.test(file));

test("the code uses only isRefusal to distinguish a refusal from a result", () => {
  // Checks of `error` and `fault` are allowed, because errors of Node and of PostgreSQL also have a code.
  const byField = /"(?:code|detail|refused)" in (?!error\b|fault\b)/;
  const checking = checkedSources.filter((file) => byField.test(read(file)));
  // `isRefused` in the domain's decision.ts checks an outcome, which contains a refusal.
  expect(checking).toEqual(["packages/contracts/src/problem.ts", "packages/domain/src/decision.ts"]);
});

test("functions that register routes are named serveX or createX", () => {
  const registering = checkedSources
    .filter((file) => file.includes("/src/routes/"))
    .flatMap((file) =>
      [...read(file).matchAll(/^(?:export )?(?:async )?function (\w+)\(\s*http: Http\b/gm)].map(([, name]) => name),
    );
  expect(registering.filter((name) => !/^(?:serve|create)[A-Z]/.test(name ?? ""))).toEqual([]);
});

test("an optional property is spread as ...(x !== undefined && { x })", () => {
  const byCondition = /\.\.\.\([^;\n]*(?:\? \{\} : |: \{\}\))/;
  expect(checkedSources.filter((file) => byCondition.test(read(file)))).toEqual([]);
});

test("a type of dependencies is named Deps, not Parts, Ground or Options", () => {
  const banned = /\b(?:Desk|Parts|Chassis|Surroundings|Ground|\w+Options)\b/;
  const declaring = checkedSources
    .filter((file) => /^services\/.*\/(?:commands|consumers|workers|routes|store|delivery|schedule)\//.test(file))
    .flatMap((file) => [...read(file).matchAll(/^(?:export )?type (\w+) =/gm)].map(([, name]) => `${file}: ${name}`))
    .filter((declared) => banned.test(declared.split(": ")[1] ?? ""));
  expect(declaring).toEqual([]);
});

test("no file contains conflict marks of a merge, even in the form that the formatter gives them", () => {
  const mark = /^(?:<{7} |(?:> ?){7} ?\S+ \()/m;
  expect(files.filter((file) => /\.(?:ts|md|ya?ml|sql|json)$/.test(file) && mark.test(read(file)))).toEqual([]);
});

test("at most 20 files lead from a stalled case to the vendor's queue", () => {
  const [, path = ""] = read("docs/architecture.md").split("## From a stalled case to the vendor's queue");
  const steps = [...(path.split("\n## ")[0] ?? "").matchAll(/^(\d+)\. \[/gm)].map(([, number]) => Number(number));
  expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => index + 1));
  expect(steps.length).toBeGreaterThan(10);
  expect(steps.length).toBeLessThanOrEqual(20);
});

test("every table and view in a schema.sql has a comment", () => {
  const undocumented = files
    .filter((file) => file.endsWith("/schema.sql"))
    .flatMap((file) => read(file).split("\n\n"))
    .filter((block) => /^create (?:table|view) /m.test(block) && !/^-- .*\ncreate (?:table|view) /.test(block));
  expect(undocumented).toEqual([]);
});

test("every package and every service has the version of the newest CHANGELOG section", () => {
  const [, newest] = /^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$/m.exec(read("CHANGELOG.md")) ?? [];
  const packages = files.filter((file) => /^(?:(?:packages|services)\/[^/]+\/|test\/)?package\.json$/.test(file));
  const shown = [
    ...packages.map((file) => [file, (JSON.parse(read(file)) as { version: string }).version]),
    ["the services", /^export const version = "(.*)";$/m.exec(read("packages/chassis/src/build.ts"))?.[1]],
  ];
  expect(shown.filter(([, version]) => version !== newest)).toEqual([]);
});
