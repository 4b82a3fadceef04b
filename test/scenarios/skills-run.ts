import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Client, importSkills } from "@crossline/cli";
import { afterAll, beforeAll, beforeEach, onTestFinished, vi } from "vitest";
import { type Stage, openStage } from "./stage.ts";

export type Person = { readonly person: string; readonly skills: readonly Record<string, unknown>[] };

/** The columns of a file of skills. */
export const header = "person,os,from_version,to_version,model,level,valid_from,valid_to,source";

/** The real services, and a new carrier for each test, as whom the verb `skills import` runs. */
export function prepareSkillsImport() {
  let stage: Stage;
  let client: Client;
  let folder: string;
  beforeAll(async () => {
    stage = await openStage({ inProcess: true });
    folder = mkdtempSync(join(tmpdir(), "crossline-skills-"));
  }, 60_000);
  afterAll(async () => {
    await stage?.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    const carrier = await stage.party("northtel", "carrier");
    client = carrier.client;
    vi.stubEnv("CROSSLINE_KEY", carrier.key);
    onTestFinished(() => void vi.unstubAllEnvs());
  });
  return {
    url: (): string => stage.url,
    /** Reads a path as the carrier. */
    get: <T>(path: string): Promise<T> => client.get<T>(path),
    /** Writes a file, and returns its path. */
    write: (name: string, text: string): string => {
      const file = join(folder, name);
      writeFileSync(file, text);
      return file;
    },
    /** Runs the verb, and returns its exit code, its output and its progress. */
    run: async (file: string, more: object = {}) => {
      const printed: string[] = [];
      const drawn: string[] = [];
      const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => printed.push(String(text)) > 0);
      const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => drawn.push(String(text)) > 0);
      try {
        const code = await importSkills(file, { zone: "UTC", url: stage.url, ...more });
        return { code, text: printed.join(""), progress: drawn.join("") };
      } finally {
        out.mockRestore();
        err.mockRestore();
      }
    },
    /** Reads all people of the carrier who have skills. */
    readAll: async (): Promise<Person[]> => {
      const people: Person[] = [];
      for (let cursor: string | undefined = ""; cursor !== undefined;) {
        const more: string = cursor === "" ? "" : `&cursor=${cursor}`;
        const page: { items: Person[]; next?: string } = await client.get(`/v1/skills?limit=100${more}`);
        people.push(...page.items);
        cursor = page.next;
      }
      return people;
    },
  };
}

/** Returns the text of a file with these rows. */
export function fileOf(rows: readonly string[]): string {
  return `${[header, ...rows].join("\n")}\n`;
}
