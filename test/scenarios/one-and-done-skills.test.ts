import { type Cast, Play, prepareOneAndDone, retryWhileRefused } from "@crossline/cli";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stage, openStage } from "./stage.ts";

/* Story 2: the devices that a skill covers. A rep begins to help, and the case stays with the rep or goes to the pool of the specialists at once. */

const zone = "America/Toronto";
const skill = (more: object) => ({ level: 2, source: "Training 2026-03", from: "2026-01-01T00:00:00Z", ...more });

let stage: Stage;
let cast: Cast;
beforeAll(async () => {
  stage = await openStage();
  const [carrier, vendor] = [await stage.party("northtel", "carrier"), await stage.party("orchard", "vendor")];
  const company = ({ client, party: name }: typeof carrier) => ({ client, name });
  cast = await retryWhileRefused(() => prepareOneAndDone(company(carrier), company(vendor)));
  await cast.carrier.post("/v1/skills", {
    people: [
      { person: "priya", skills: [skill({ os: "PocketOS" }), skill({ model: "Slate" })] },
      { person: "tom", skills: [skill({ model: "Handheld" })] },
      {
        person: "maya",
        skills: [skill({ os: "PocketOS", level: 1 }), skill({ model: "Slate", until: "2026-03-02T15:00:00Z" })],
      },
    ],
    changedBy: "trainer-2",
  });
});
afterAll(() => stage?.close());

type Device = { readonly model: string; readonly os?: string };
type Pool = { readonly pool: string; readonly missing?: { readonly person: string; readonly level: number } };

/** A rep begins to help with a device on a new timeline. Returns the assignment to the pool, and the hand-offs after one minute. */
async function begin(person: string, device: Device, start = "2026-03-02T09:00") {
  const play = await Play.begin(cast, start, zone, () => {});
  const { id } = await cast.carrier.post<{ id: string }>("/v1/cases", {
    carrierCaseId: "NT-1",
    timeline: play.timeline,
    line: cast.line,
    kind: "question",
    title: "The phone is slow",
    channel: "phone",
    device: { vendor: cast.names.vendor, ...device },
  });
  play.caseId = id;
  await play.carrier("handlings", { channel: "phone", person });
  const { pool } = await cast.carrier.get<{ pool?: Pool }>(play.path);
  const { handoffs } = await cast.carrier.get<{ handoffs: unknown[] }>(`${play.path}/handoffs`);
  return { pool: pool?.pool, missing: pool?.missing, handoffs: handoffs.length };
}

const stays = { pool: undefined, missing: undefined, handoffs: 0 };
const toPool = (person: string) => ({ pool: "specialists", missing: { person, level: 2 }, handoffs: 0 });

test("a skill for a model family covers the models of the family, and no other model", async () => {
  expect(await begin("tom", { model: "Handheld 8700" })).toMatchObject(stays);
  expect(await begin("tom", { model: "Slate 2" })).toMatchObject(toPool("tom"));
});

test("a skill below the level of the line does not count", async () => {
  expect(await begin("maya", { model: "Brick 1", os: "PocketOS 4.2" })).toMatchObject(toPool("maya"));
  expect(await begin("priya", { model: "Brick 1", os: "PocketOS 4.2" })).toMatchObject(stays);
});

test("a skill counts until the instant of its expiry, and not from this instant on", async () => {
  expect(await begin("maya", { model: "Slate 2" }, "2026-03-02T09:59")).toMatchObject(stays);
  expect(await begin("maya", { model: "Slate 2" }, "2026-03-02T10:00")).toMatchObject(toPool("maya"));
});

test("a pool has the skills of its people: without a certified person on duty, the case crosses to the vendor at once", async () => {
  expect(await begin("maya", { model: "Handheld 8700", os: "TileOS 7" })).toMatchObject(toPool("maya"));
  expect(await begin("maya", { model: "Brick 1", os: "TileOS 7" })).toEqual({ ...stays, handoffs: 1 });
});
