import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Stage, openStage } from "../scenarios/stage.ts";
import { fillBoard, scrollToMiddle } from "./full-board.ts";
import { comparePicture } from "./picture.ts";
import { type ServiceWorld, buildServiceWorld } from "./service-world.ts";
import { isSkipped, launchChromium, visit } from "./visit.ts";
import { type World, buildWorld } from "./world.ts";

/*
 * The pictures of docs/pictures: every screen at three widths and in two themes, and the board with 10,000 rows. They are compared with a small tolerance, and README shows
 * two of them. `UPDATE_PICTURES=1 npx vitest run test/web/pictures.long.test.ts` writes them again. View each changed picture then.
 */

const windows = [
  { width: 1440, height: 900, theme: "light" },
  { width: 1440, height: 900, theme: "dark" },
  { width: 768, height: 1024, theme: "light" },
  { width: 390, height: 844, theme: "light" },
  { width: 390, height: 844, theme: "dark" },
] as const;

type Person = { readonly party: "carrier" | "vendor" | "operator"; readonly person: string; readonly role: string };
const rep: Person = { party: "carrier", person: "rep-7", role: "lead" };
const engineer: Person = { party: "vendor", person: "eng-4", role: "desk-lead" };
const operator: Person = { party: "operator", person: "op-1", role: "operator" };

type PictureWorld = World & { readonly service: ServiceWorld };

describe.skipIf(isSkipped)("the pictures", () => {
  let stage: Stage;
  let browser: Browser;
  let world: PictureWorld;
  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      openStage({ console: true, insight: true, inProcess: true }),
      launchChromium(),
    ]);
    const built = await buildWorld(stage);
    world = { ...built, service: await buildServiceWorld(built.carrier, built.vendor) };
  });
  afterAll(() => Promise.all([browser?.close(), stage?.close()]));

  const screens: readonly (readonly [
    name: string,
    who: Person | "visitor" | "customer",
    address: (world: PictureWorld) => string,
  ])[] = [
    ["board-carrier", rep, ({ timeline }) => `/app/board?timeline=${timeline}`],
    ["board-vendor", engineer, ({ timeline }) => `/app/board?timeline=${timeline}`],
    ["board-empty", rep, () => "/app/board"],
    ["case", rep, ({ caseId, timeline }) => `/app/cases/${caseId}?timeline=${timeline}`],
    ["duty", rep, ({ timeline }) => `/app/duty?timeline=${timeline}`],
    ["changes", rep, ({ service }) => `/app/changes?timeline=${service.timeline}`],
    ["change", rep, ({ service }) => `/app/changes/${service.changeId}?timeline=${service.timeline}`],
    ["changes-vendor", engineer, ({ service }) => `/app/changes?timeline=${service.timeline}`],
    ["incidents", rep, ({ service }) => `/app/incidents?timeline=${service.timeline}`],
    ["incident", rep, ({ service }) => `/app/incidents/${service.incidentId}?timeline=${service.timeline}`],
    ["problems", rep, ({ service }) => `/app/problems?timeline=${service.timeline}`],
    ["problem", rep, ({ service }) => `/app/problems/${service.problemId}?timeline=${service.timeline}`],
    ["rosters", rep, () => "/app/rosters?week=2026-03-02"],
    ["reports", rep, ({ timeline }) => `/app/reports?timeline=${timeline}&report=time-by-holder&by=company`],
    ["operations", operator, () => "/app/operations"],
    ["log", rep, () => "/app/log"],
    ["customer", "customer", () => "/track"],
    ["sign-in", "visitor", () => "/"],
  ];

  const signInPath = async ({ party, person, role }: Person): Promise<string> => {
    const client = party === "operator" ? stage.operator : world[party];
    const { path } = await client.post<{ path: string }>("/v1/sign-in-links", { person, roles: [role] });
    return path.slice(1);
  };
  const customerPath = async (): Promise<string> => {
    const { path } = await world.carrier.post<{ path: string }>(`/v1/cases/${world.caseId}/customer-links`, {
      zone: "America/Toronto",
    });
    return path;
  };

  test.each(screens)("%s", async (name, who, address) => {
    const differences: string[] = [];
    for (const { width, height, theme } of windows) {
      const path =
        who === "customer" ? await customerPath() : address(world) + (who === "visitor" ? "" : await signInPath(who));
      const options = { width, height, theme, zone: "America/Toronto", refusals: who === "visitor" };
      const { page, end } = await visit(browser, `${stage.url}${path}`, options);
      await page.getByRole("heading", { level: 1 }).waitFor();
      const shareMax = /log|operations/.test(name) ? 0.1 : 0.003;
      differences.push(...(await comparePicture(page, `${name}-${width}-${theme}`, shareMax)));
      await end();
    }
    expect(differences).toEqual([]);
  });

  // The last test, because the rows would be on the other pictures too.
  test("board-10000", async () => {
    await fillBoard(stage, "orchard", world.timeline);
    const differences: string[] = [];
    for (const { width, height, theme } of [windows[0], windows[4]]) {
      const path = `/app/board?timeline=${world.timeline}${await signInPath(engineer)}`;
      const options = { width, height, theme, zone: "America/Toronto" };
      const { page, end } = await visit(browser, `${stage.url}${path}`, options);
      await scrollToMiddle(page);
      differences.push(...(await comparePicture(page, `board-10000-${width}-${theme}`, 0.003)));
      await end();
    }
    expect(differences).toEqual([]);
  });
});
