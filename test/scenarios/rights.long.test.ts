import type { Action } from "@crossline/domain";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isAboutNoCase, operationsOfEntries } from "./rights/address.ts";
import { openCast } from "./rights/cast.ts";
import { damagedRequests, damagedRosters, faultOf } from "./rights/damage.ts";
import { requests } from "./rights/requests.ts";
import { type Caller, type Cast, Scene } from "./rights/scene.ts";
import { type StateName, states } from "./rights/states.ts";
import {
  companies,
  harmless,
  runConcurrently,
  isStranger,
  outsiders,
  checkGrantedActions,
  checkAction,
} from "./rights/walk.ts";
import { type Stage, openStage, operatorKey } from "./stage.ts";

/*
 * Sends every request of the API that names a case, for every company, in every state of a case. Each response must match the
 * table of rights, and a refused command changes nothing. Real services run on stepped timelines.
 */

const names = Object.keys(states) as StateName[];
const actions = Object.keys(requests) as Action[];
const scenes = new Map<StateName, { readonly scene: Scene; readonly view: string }>();
let stage: Stage;
let cast: Cast;
beforeAll(async () => {
  stage = await openStage({ inProcess: true, console: true });
  cast = await openCast(stage, operatorKey);
  await runConcurrently(6, names, async (name) => {
    const scene = await new Scene(cast, states[name]).play();
    scenes.set(name, { scene, view: await scene.view() });
  });
}, 180_000);
afterAll(() => stage?.close());

const sceneOf = (name: StateName): { readonly scene: Scene; readonly view: string } => {
  const found = scenes.get(name);
  if (found === undefined) throw new Error(`the state ${name} was not reached`);
  return found;
};

async function operations(): Promise<readonly string[]> {
  const { paths } = (await (await fetch(`${stage.url}/openapi.json`)).json()) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}

test("each operation that names a case has an action, and each action has an operation", async () => {
  const known = await operations();
  const used = new Set(actions.map((action) => requests[action].operation));
  const covered = (operation: string) =>
    used.has(operation) || operationsOfEntries.has(operation) || isAboutNoCase(operation);
  expect(known.filter((operation) => !covered(operation))).toEqual([]);
  expect([...used].filter((operation) => !known.includes(operation))).toEqual([]);
});

test("every request without a key is refused", async () => {
  const { scene } = sceneOf("opened");
  const codes = await Promise.all(
    actions.map(async (action) => [action, (await scene.perform("no key", action)).code]),
  );
  expect(codes).toEqual(actions.map((action) => [action, "unauthenticated"]));
});

// The test sends all requests at the same time, because each refusal for a company without a role can take two seconds. A company may have
// fifty requests at a time.
test("a company without a role reads nothing and changes nothing in any state", async () => {
  const calls = names.flatMap((name) => {
    const { scene } = sceneOf(name);
    const callers = [...companies.filter((caller) => isStranger(scene, caller)), ...outsiders];
    return callers.flatMap((caller) => harmless(scene, caller).map((action) => ({ name, scene, caller, action })));
  });
  const faults: unknown[] = [];
  await runConcurrently(200, calls, async ({ name, scene, caller, action }) => {
    const fault = await checkAction(scene, caller, action);
    if (fault !== undefined) faults.push({ name, ...fault });
  });
  expect(faults).toEqual([]);
});

test.concurrent.each(names)(
  "%s: each company has exactly the rights of the table",
  async (name) => {
    const { scene, view } = sceneOf(name);
    const partners: readonly Caller[] = companies.filter((caller) => !isStranger(scene, caller));
    const refused = await Promise.all(
      partners.map(async (caller) => {
        const faults: unknown[] = [];
        for (const action of harmless(scene, caller)) faults.push(await checkAction(scene, caller, action));
        return faults.filter((fault) => fault !== undefined);
      }),
    );
    expect(refused.flat()).toEqual([]);
    expect(await scene.view()).toBe(view);
    expect(await checkGrantedActions(scene)).toEqual([]);
  },
  120_000,
);

test("each action was done at least once", () => {
  const done = new Set([...scenes.values()].flatMap(({ scene }) => [...scene.performedActions]));
  expect(actions.filter((action) => !done.has(action))).toEqual([]);
});

test("a wrong body is refused, and never causes a fault of a service", async () => {
  const faults: unknown[] = [];
  const calls = [
    ...damagedRequests(sceneOf("joint").scene, "northtel").map((asked) => ({ caller: "northtel" as const, asked })),
    ...damagedRequests(sceneOf("info-requested").scene, "orchard").map((asked) => ({
      caller: "orchard" as const,
      asked,
    })),
    ...damagedRosters(await operations()).map((asked) => ({ caller: "northtel" as const, asked })),
  ];
  await runConcurrently(4, calls, async ({ caller, asked }) => {
    const fault = await faultOf(cast.as(caller), asked);
    if (fault !== undefined) faults.push(fault);
  });
  expect(calls.length).toBeGreaterThan(1_000);
  expect(faults).toEqual([]);
}, 120_000);
