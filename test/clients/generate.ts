import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { ensureJars, javaCommand, javaVersion, jarsFolder, mavenCommand } from "@crossline/servers";

/* Clients of the API, generated from its OpenAPI document alone by widely used tools. */

const run = promisify(execFile);
const here = import.meta.dirname;
const root = resolve(here, "../..");
const pom = join(here, "pom.xml");
/** The command that runs a client's program, with the arguments that precede those of the story. */
export type Program = readonly [command: string, ...args: string[]];

/** Generates the types, compiles the story strictly with them, and returns the story's program. */
export async function typescriptClient(document: string): Promise<Program> {
  const folder = join(here, "typescript");
  const generated = join(folder, "generated");
  rmSync(generated, { recursive: true, force: true });
  mkdirSync(generated);
  const input = join(generated, "openapi.json");
  writeFileSync(input, document);
  await run(join(root, "test/node_modules/.bin/openapi-typescript"), [
    input,
    "--default-non-nullable=false",
    "-o",
    join(generated, "api.d.ts"),
  ]);
  await run(join(root, "node_modules/.bin/tsc"), ["-p", folder]).catch(throwOutput);
  return [process.execPath, join(folder, "story.ts")];
}

/** Returns the reason why no Java client can be built here, or undefined. */
export function javaMissing(): string | undefined {
  if (!((javaVersion() ?? 0) >= 17)) return "A Java client needs Java 17 or newer.";
  if (!existsSync(jarsFolder("clients", pom)) && mavenCommand() === undefined)
    return "A Java client needs Maven, which downloads its generator.";
  return undefined;
}

/** Generates the classes into `folder`, compiles them with the story, and returns the story's program. */
export async function javaClient(document: string, folder: string): Promise<Program> {
  const jars = await ensureJars("clients", { what: "a Java client's generator", pom });
  const input = join(folder, "openapi.json");
  writeFileSync(input, document);
  const quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];
  const properties = "--additional-properties=useJakartaEe=true,openApiNullable=false,containerDefaultToNull=true";
  const packages = ["--invoker-package=crossline", "--api-package=crossline.api", "--model-package=crossline.model"];
  const sources =
    "--global-property=apis,models,supportingFiles,apiDocs=false,modelDocs=false,apiTests=false,modelTests=false";
  const generator = readdirSync(jars).find((name) => name.startsWith("openapi-generator-cli")) ?? "";
  await run(
    javaCommand(),
    [
      ...quick,
      "-jar",
      join(jars, generator),
      "generate",
      "-g",
      "java",
      "-i",
      input,
      "-o",
      folder,
      sources,
      properties,
      ...packages,
    ],
    { maxBuffer: 64 * 2 ** 20 },
  ).catch(throwOutput);
  const classes = join(folder, "classes");
  const classPath = readdirSync(jars)
    .filter((name) => name !== generator)
    .map((name) => join(jars, name));
  const list = join(folder, "sources");
  writeFileSync(list, [...javaFiles(join(folder, "src/main/java")), join(here, "java/Story.java")].join("\n"));
  const compile = join(dirname(javaCommand()), "javac");
  await run(compile, [
    ...quick.map((flag) => `-J${flag}`),
    "-nowarn",
    "-proc:none",
    "-d",
    classes,
    "-cp",
    classPath.join(":"),
    `@${list}`,
  ]).catch(throwOutput);
  return [javaCommand(), ...quick, "-cp", [classes, ...classPath].join(":"), "Story"];
}

function javaFiles(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".java")).map((file) => join(folder, file));
}

/** Throws an error with the output of the tool, which explains the failure best. */
function throwOutput(error: unknown): never {
  const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string };
  throw new Error(`${stdout}\n${stderr}`.slice(0, 4_000), { cause: error });
}
