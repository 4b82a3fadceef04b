import { waitFor } from "@crossline/testing";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Receiver } from "./receiver.ts";
import { newStory } from "./story.ts";
import { createWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await world.start();
});
afterAll(() => world.stop());

/** Checks the newest webhook with each secret, and returns the results. */
function verifiedBy(receiver: Receiver, secrets: readonly string[]): boolean[] {
  const { body = "", headers = {} } = receiver.received.at(-1) ?? {};
  return secrets.map((secret) => {
    try {
      new Webhook(secret).verify(body, headers);
      return true;
    } catch {
      return false;
    }
  });
}

test("after a renewal the new and the former secret verify a webhook, until the party ends the former secret", async () => {
  const receiver = await world.receiver();
  const { subscriptionId, secret: old } = await world.subscribe("northtel", {
    url: receiver.url,
    events: ["case.opened"],
  });
  const path = `/v1/subscriptions/${subscriptionId}`;
  const hear = async () => {
    const before = receiver.received.length;
    await world.publish(newStory().opened());
    await waitFor(() => receiver.received.length === before + 1);
  };
  const key = { "idempotency-key": "renew-1" };
  const renewed = await world.callWith(key)("northtel", "POST", `${path}/secret`, {});
  expect(renewed).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^whsec_/) } });
  const { secret: fresh, formerSecretUntil } = renewed.body;
  expect(Date.parse(formerSecretUntil) - Date.now()).toBeGreaterThan(86_000_000);
  expect(await world.callWith(key)("northtel", "POST", `${path}/secret`, {})).toEqual(renewed);
  expect((await world.call("northtel", "GET", path)).body).toMatchObject({ formerSecretUntil });
  await hear();
  expect(verifiedBy(receiver, [old, fresh])).toEqual([true, true]);
  expect(receiver.received.at(-1)?.headers["webhook-signature"]).toMatch(/^v1,\S+ v1,\S+$/);
  expect(await world.call("northtel", "POST", `${path}/secret`)).toMatchObject({
    status: 422,
    body: { code: "limit_reached", formerSecretUntil },
  });

  expect(await world.call("northtel", "DELETE", `${path}/secret/former`)).toMatchObject({ status: 204 });
  expect(await world.call("northtel", "DELETE", `${path}/secret/former`)).toMatchObject({ status: 404 });
  expect((await world.call("northtel", "GET", path)).body).not.toHaveProperty("formerSecretUntil");
  await hear();
  expect(verifiedBy(receiver, [old, fresh])).toEqual([false, true]);
});

test("a party renews only its own secrets; a mail subscription has no secret; an invalid time is refused with the place `/formerFor`", async () => {
  const { subscriptionId } = await world.subscribe("orchard", { url: "https://hooks.example.com/desk" });
  const path = `/v1/subscriptions/${subscriptionId}/secret`;
  expect(await world.call("quill", "POST", path)).toMatchObject({ status: 404 });
  expect(await world.call("quill", "DELETE", `${path}/former`)).toMatchObject({ status: 404 });
  for (const formerFor of ["P31D", "-PT1S", "a day"])
    expect(await world.call("orchard", "POST", path, { formerFor })).toMatchObject({
      status: 400,
      body: { fields: [{ at: "/formerFor" }] },
    });
  const atOnce = await world.call("orchard", "POST", path, { formerFor: "PT0S" });
  expect(atOnce.status).toBe(201);
  expect(atOnce.body).not.toHaveProperty("formerSecretUntil");
});

test("after a renewal calls of the last resort have signatures by the new and the former secret", async () => {
  const receiver = await world.receiver();
  const path = "/v1/last-resort-secret";
  const old = (await world.call("lumen", "GET", path)).body.secret;
  const { secret: fresh, formerSecretUntil } = (await world.call("lumen", "POST", path, { formerFor: "PT1H" })).body;
  expect((await world.call("lumen", "GET", path)).body).toEqual({ secret: fresh, formerSecretUntil });
  const call = async () => {
    const before = receiver.received.length;
    const story = newStory("wall", "lumen");
    await world.publish(story.opened(), story.lastResort(1, [receiver.url]));
    await waitFor(() => receiver.received.length === before + 1);
  };
  await call();
  expect(verifiedBy(receiver, [old, fresh])).toEqual([true, true]);
  expect(await world.call("lumen", "DELETE", `${path}/former`)).toMatchObject({ status: 204 });
  await call();
  expect(verifiedBy(receiver, [old, fresh])).toEqual([false, true]);
  expect((await world.call("lumen", "GET", path)).body).toEqual({ secret: fresh });
});
