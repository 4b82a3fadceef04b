import axe from "axe-core";
import { type Browser, type BrowserContext, type Page, chromium } from "playwright-core";
import { expect, inject } from "vitest";
import { findChromium } from "./chromium.ts";

export type VisitOptions = {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
  /** The zone of the browser. Default: Toronto. */
  readonly zone?: string;
  /** True if the visit provokes refusals. Chromium logs each response with a status from 400 as an error. */
  readonly refusals?: boolean;
};

/** A person at a browser. Every error that the page or Chromium reports makes `end` fail. */
export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Fails if the page has a violation of WCAG 2.2 A or AA that axe can find. */
  readonly expectAccessible: () => Promise<void>;
  /** Fails if the page is wider than the window at 320 px (WCAG 2.2, 1.4.10). */
  readonly expectReflow: () => Promise<void>;
  /** Closes the browser window. Fails on an error of the console, a violation of the policy, or a response with 5xx. */
  readonly end: () => Promise<void>;
};

/** Launches the Chromium of this machine. */
export async function launchChromium(): Promise<Browser> {
  const found = await findChromium();
  if ("reason" in found) throw new Error(found.reason);
  return chromium.launch(found.launch);
}

/** Opens an address in a browser window of its own. */
export async function visit(browser: Browser, address: string, options: VisitOptions = {}): Promise<Visit> {
  const { width = 1440, height = 900, theme = "light", zone = "America/Toronto", refusals = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    timezoneId: zone,
    locale: "en-CA",
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const isRefusal = /^Failed to load resource: .* status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !(refusals && isRefusal)) faults.push(`console: ${message.text()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) faults.push(`${response.status()}: ${new URL(response.url()).pathname}`);
  });
  await page.goto(address);
  return {
    page,
    context,
    expectAccessible: () => expectAccessible(page),
    expectReflow: () => expectReflow(page),
    end: async () => {
      await context.close();
      expect(faults).toEqual([]);
    },
  };
}

async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe: typeof axe };
    const result = await checker.run({
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return result.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`,
    );
  });
  expect(violations).toEqual([]);
}

async function expectReflow(page: Page): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  // The tests have no types of a browser, so the page evaluates a text.
  const [width, shown] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  expect(width, "the width of the page in a window of 320 px").toBeLessThanOrEqual(shown);
  if (before !== null) await page.setViewportSize(before);
}

/** True if this machine has no Chromium, so that the tests of the screens are skipped. CI never skips them. */
export const isSkipped = process.env["CROSSLINE_REQUIRE_KAFKA"] !== "1" && inject("noChromium") !== "";
