import { parseConfig } from "@crossline/service";
import { expect, test } from "vitest";
import { notificationConfig, ownSettings, withDefaults } from "../src/config.ts";

const least = { DATABASE_URL: "postgres://u:p@db/crossline", INTERNAL_KEY: "0123456789abcdef" };

test("retries continue for about a day by default, and environment variables change that time", () => {
  const day = 86_400_000;
  const sum = (list: readonly number[]) => list.reduce((total, ms) => total + ms, 0);
  const settings = withDefaults({ keptMs: 5 });
  expect(Math.abs(sum(settings.retry.subscription) - day)).toBeLessThan(day / 24);
  expect(sum(settings.retry.lastResort)).toBeLessThan(day / 24);
  expect(settings).toMatchObject({ timeoutMs: 10_000, privateAddresses: "refuse", keptMs: 5 });
  const read = parseConfig(notificationConfig, { ...least, RETRY_SCHEDULE: "PT0.05S, PT1M", WEBHOOK_TIMEOUT: "PT1S" });
  expect("config" in read && ownSettings(read.config)).toMatchObject({
    retry: { subscription: [50, 60_000] },
    timeoutMs: 1_000,
  });
});

test("a variable with an invalid duration is refused with a message", () => {
  expect(parseConfig(notificationConfig, { ...least, RETRY_SCHEDULE: "5s", WEBHOOK_TIMEOUT: "PT2M" })).toMatchObject({
    faults: [
      expect.stringContaining("RETRY_SCHEDULE must be ISO 8601 durations"),
      expect.stringContaining("WEBHOOK_TIMEOUT must be at most PT1M"),
    ],
  });
});
