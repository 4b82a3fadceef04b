import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Client, type Platform, createClient } from "@crossline/cli";
import { type Browser, type Page, chromium } from "playwright-core";
import { findChromium } from "../web/chromium.ts";
import { type Bench, type BenchOutcome, type Measurement, type Scale, quantile } from "./frame.ts";

const rowsWanted = { quick: 1_000, full: 10_000 };
const changesPerSecond = 100;
const changeSeconds = { quick: 5, full: 20 };
const roundsOf = { quick: 3, full: 7 };
const slowdown = 4;
const settleMs = 2_000;

/** The size of the board's first load, and its speed with 10,000 rows. */
export const board: Bench = {
  name: "board",
  title: "Board in the browser",
  about: `Chromium opens the board of a carrier with ${rowsWanted.full.toLocaleString("en-CA")} open cases. The first load is the sum of all files as the network sends them, with brotli. The time to the first rows runs from the end of the first page's response until the rows are in the document. A board is usable when \`j\` has moved the focus to a row, counted from the navigation, with warm files. Then ${changesPerSecond} cases a second get an entry over REST, so that their rows change and move. A frame is the time between two animation frames. The services are processes with a real Kafka and a durable PostgreSQL, on the processors that Chromium uses too.`,
  run: (scale, servers) => {
    // The console reads the names of the built files when it starts.
    execFileSync(process.execPath, [resolve(import.meta.dirname, "../../services/console/web/build.ts")]);
    return servers.platform((platform) => measure(platform, scale), { beside: ["console"] });
  },
};

async function measure(platform: Platform, scale: Scale): Promise<BenchOutcome> {
  const found = await findChromium();
  if ("reason" in found) throw new Error(found.reason);
  const { carrier, address } = await fillBoard(platform, rowsWanted[scale]);
  // The opening of so many cases can leave no place for the sign-in.
  await delay(settleMs);
  const browser = await chromium.launch(found.launch);
  try {
    const { page, bytes } = await openFirst(browser, await address());
    // Before the last page, the text is "100 of 10,000 cases".
    const text = new RegExp(`^${rowsWanted[scale].toLocaleString("en-CA")} cases$`);
    await page.getByText(text).waitFor();
    const plain = await repeat(roundsOf[scale], () => load(page, text));
    const session = await page.context().newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
    const slow = await repeat(roundsOf[scale], () => load(page, text));
    await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
    await load(page, text);
    const frames = await watchChanges(page, carrier, changeSeconds[scale]);
    return { figures: figuresOf({ bytes, plain, slow, frames }) };
  } finally {
    await browser.close();
  }
}

type Load = { readonly rowsMs: number; readonly usableMs: number; readonly completeMs: number };
type Frames = { readonly times: readonly number[]; readonly changes: number; readonly cpuMs: number };
type Measurements = {
  readonly bytes: number;
  readonly plain: readonly Load[];
  readonly slow: readonly Load[];
  readonly frames: Frames;
};

function figuresOf({ bytes, plain, slow, frames }: Measurements): Measurement[] {
  const within = (name: string, value: number, budget: number, unit = "ms"): Measurement => ({
    name,
    figure: `${value.toFixed(unit === "kB" ? 1 : 0)} ${unit}`,
    ratio: value / budget,
    against: `${budget} ${unit}`,
    value,
    must: { atMost: budget },
  });
  const middle = (loads: readonly Load[], name: keyof Load): number =>
    quantile(
      loads.map((one) => one[name]),
      0.5,
    );
  return [
    within("first load, brotli", bytes / 1_000, 150, "kB"),
    within("response to first rows", middle(plain, "rowsMs"), 300),
    within(`response to first rows, ${slowdown} times slower`, middle(slow, "rowsMs"), 300),
    within("navigation to usable", middle(plain, "usableMs"), 1_000),
    within(`navigation to usable, ${slowdown} times slower`, middle(slow, "usableMs"), 1_000),
    {
      name: "navigation to all rows",
      figure: `${middle(plain, "completeMs").toFixed(0)} ms`,
      ratio: middle(plain, "completeMs") / 1_000,
      against: "1 s",
      better: "lower",
    },
    within(`frame p99, ${frames.changes} changes`, quantile(frames.times, 0.99), 33),
    {
      name: "processor time of a change, page",
      figure: `${frames.cpuMs.toFixed(2)} ms`,
      ratio: frames.cpuMs / 10,
      against: "10 ms",
      value: frames.cpuMs,
      better: "lower",
    },
    {
      name: "frame p50",
      figure: `${quantile(frames.times, 0.5).toFixed(1)} ms`,
      ratio: quantile(frames.times, 0.5) / 33,
      against: "33 ms",
      better: "lower",
    },
  ];
}

/** Opens the cases of a new carrier. `address` makes a link that signs one person in. */
async function fillBoard(
  { url, settings }: Platform,
  count: number,
): Promise<{ readonly carrier: Client; readonly address: () => Promise<string> }> {
  const operator = createClient(url, settings.operatorKey);
  const party = `northtel-${crypto.randomUUID().slice(0, 8)}`;
  await operator.post("/v1/parties", { party, kind: "carrier", name: party });
  const { key } = await operator.post<{ key: string }>(`/v1/parties/${party}/keys`);
  const carrier = createClient(url, key);
  let opened = 0;
  const work = async (): Promise<void> => {
    while (opened < count) {
      const number = opened++;
      const body = {
        carrierCaseId: `NT-${number}`,
        title: `The screen of handheld ${number} stays dark`,
        channel: "web",
      };
      await retry(() => carrier.post("/v1/cases", body));
    }
  };
  await Promise.all(Array.from({ length: 16 }, work));
  await retry(async () => {
    const { total } = await carrier.get<{ total: number }>("/v1/board?limit=1");
    if (total < count) throw new Error(`the board has ${total} rows`);
  });
  const address = async (): Promise<string> => {
    const link = { person: "rep-7", roles: ["rep"] };
    return url + (await carrier.post<{ path: string }>("/v1/sign-in-links", link)).path;
  };
  return { carrier, address };
}

/** Repeats a request that the rate limit or a part that is not ready refuses. */
async function retry<T>(request: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await request();
    } catch (error) {
      if (attempt === 600) throw error;
      await delay(100);
    }
  }
}

/** Opens the board for the first time, and returns the bytes of all files that the page loads. */
async function openFirst(browser: Browser, address: string): Promise<{ readonly page: Page; readonly bytes: number }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript(usableScript);
  await page.goto(address);
  await page.locator("html[data-usable]").waitFor({ state: "attached" });
  const bytes = await page.evaluate<number>(`[
    ...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource").filter(({ name }) => name.includes("/assets/")),
  ].reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`);
  return { page, bytes };
}

/** Presses `j` when the first row is there, and notes when the row has the focus. */
const usableScript = `{
  let pressedAt = -Infinity;
  const look = (at) => {
    if (document.activeElement?.getAttribute("role") === "row") {
      document.documentElement.dataset.usable = performance.now();
      return;
    }
    if (document.querySelector(".board-body .board-row") !== null && at - pressedAt > 100) {
      pressedAt = at;
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}`;

/** Opens the board again, and returns its times in milliseconds. */
async function load(page: Page, complete: RegExp): Promise<Load> {
  await page.goto(new URL("/app/board", page.url()).href);
  await page.locator("html[data-usable]").waitFor({ state: "attached" });
  const [usableMs, rowsMs] = await page.evaluate<[number, number]>(`(() => {
    const first = performance.getEntriesByType("resource").find(({ name }) => name.includes("limit=100"));
    return [Number(document.documentElement.dataset.usable), performance.getEntriesByName("board.rows")[0].startTime - first.responseEnd];
  })()`);
  await page.getByText(complete).waitFor();
  const completeMs = await page.evaluate<number>("performance.now()");
  await delay(settleMs);
  return { usableMs, rowsMs, completeMs };
}

/** Changes rows at a steady rate, and returns the times between the animation frames. */
async function watchChanges(page: Page, carrier: Client, seconds: number): Promise<Frames> {
  const { items } = await carrier.get<{ items: readonly { id: string }[] }>("/v1/board?limit=500");
  // No row is held, so each change moves its row at once.
  await page.evaluate("document.activeElement.blur()");
  await page.evaluate(`{
    globalThis.frames = [];
    let last = performance.now();
    const note = (at) => { frames.push(at - last); last = at; requestAnimationFrame(note); };
    requestAnimationFrame(note);
  }`);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.setTimeDomain", { timeDomain: "threadTicks" });
  await session.send("Performance.enable");
  const taskMs = async (): Promise<number> => {
    const { metrics } = await session.send("Performance.getMetrics");
    return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1_000;
  };
  const before = await taskMs();
  const started = performance.now();
  const requests = Array.from({ length: seconds * changesPerSecond }, async (_, index) => {
    await delay(Math.max(0, (index * 1_000) / changesPerSecond - (performance.now() - started)));
    const { id } = items[index % items.length] ?? { id: "" };
    await retry(() =>
      carrier.post(`/v1/cases/${id}/entries`, { kind: "note", text: "The screen stays dark", person: "rep-7" }),
    );
  });
  await Promise.all(requests);
  const times = await page.evaluate<number[]>("frames.slice(1)");
  const cpuMs = ((await taskMs()) - before) / requests.length;
  return { times, changes: requests.length, cpuMs };
}

async function repeat<T>(rounds: number, run: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < rounds; round++) results.push(await run());
  return results;
}
