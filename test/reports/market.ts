import { type Random, seededRandom } from "@crossline/domain";
import { type PlantedEffect, plannedKinds } from "./planted.ts";

const dayMs = 86_400_000;
/** The start, the training date and the end of every generated history. */
export const startAt = Date.UTC(2026, 0, 5);
export const trainedAt = startAt + 90 * dayMs;
export const endAt = startAt + 180 * dayMs;
/** The carriers publish the second version of their line at this instant. It changes nothing. */
export const secondVersionAt = startAt + 60 * dayMs;

export type Model = { readonly name: string; readonly vendor: string; readonly os: string };
export type Symptom = { readonly name: string; readonly hardness: number };
/** How the cases of a channel usually go. Medians are in milliseconds. */
export type ChannelHabit = {
  readonly channel: "phone" | "chat" | "store" | "mail";
  readonly share: number;
  readonly firstContact: number;
  readonly holdMs: number;
  readonly fixMs: number;
};

/** The companies and devices of a generated history, and the planted effect of each carrier. */
export type Market = {
  readonly carriers: readonly { readonly name: string; readonly planted: PlantedEffect }[];
  readonly models: readonly Model[];
  readonly symptoms: readonly Symptom[];
};

const minuteMs = 60_000;
export const habits: readonly ChannelHabit[] = [
  { channel: "phone", share: 0.45, firstContact: 0.45, holdMs: 25 * minuteMs, fixMs: 40 * minuteMs },
  { channel: "store", share: 0.25, firstContact: 0.5, holdMs: 45 * minuteMs, fixMs: 50 * minuteMs },
  { channel: "chat", share: 0.2, firstContact: 0.4, holdMs: 35 * minuteMs, fixMs: 40 * minuteMs },
  { channel: "mail", share: 0.1, firstContact: 0.3, holdMs: 540 * minuteMs, fixMs: 400 * minuteMs },
];

const vendors = ["orchard", "quill", "lumen"];
const systems = ["PocketOS", "QuillOS", "LumenOS", "OpenPhone"];
const symptomNames = [
  "no-signal",
  "memory-full",
  "no-sound",
  "no-charge",
  "slow",
  "no-mail",
  "no-sync",
  "frozen",
  "hot",
  "dim",
];

/** Creates the market of a history. Large histories have more carriers, models and symptoms. */
export function createMarket(seed: number, cases: number): Market {
  const random = seededRandom(seed * 7_919 + 17);
  const isLarge = cases >= 20_000;
  const [carriers, models, symptoms] = isLarge ? [3, 10, 10] : [2, 4, 4];
  const named = Array.from({ length: models }, (_, index): Model => {
    const os = index % (isLarge ? systems.length : 2);
    return {
      name: `Handheld ${8100 + 100 * index}`,
      vendor: vendors[os % vendors.length] ?? "",
      os: systems[os] ?? "",
    };
  });
  const kinds = plannedKinds(seed, carriers);
  const market = {
    models: named,
    symptoms: symptomNames.slice(0, symptoms).map((name) => ({ name, hardness: Math.exp(0.15 * normal(random)) })),
  };
  return {
    ...market,
    carriers: kinds.map((kind, place) => ({
      name: ["northtel", "southcell", "eastcom"][place] ?? "",
      planted: plant(kind, market, isLarge, random),
    })),
  };
}

function plant(
  kind: PlantedEffect["kind"],
  { models, symptoms }: Omit<Market, "carriers">,
  isLarge: boolean,
  random: Random,
): PlantedEffect {
  const model = choose(models, random);
  switch (kind) {
    case "nothing":
      return { kind };
    case "training":
      return { kind, os: model.os, before: 0.35, after: isLarge ? 0.55 : 0.8 };
    case "push":
      return { kind, model: model.name, firstContact: 0.12, reopened: 0.4 };
    case "gaps": {
      const place = Math.floor(random() * symptoms.length);
      const gaps = Array.from({ length: isLarge ? 3 : 1 }, (_, index) => ({
        symptom: symptoms[(place + index) % symptoms.length]?.name ?? "",
        model: models[(models.indexOf(model) + 3 * index) % models.length]?.name ?? "",
        held: 5,
        fixed: 0.2,
      }));
      return { kind, gaps };
    }
  }
}

/** Draws one of the members. */
export function choose<T>(members: readonly T[], random: Random): T {
  return members[Math.floor(random() * members.length)] as T;
}

/** Draws a standard normal number (Box and Muller 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());
}

/** Draws a duration in whole milliseconds. Its logarithm is normal. */
export function duration(medianMs: number, random: Random, spread = 0.5): number {
  return Math.max(1, Math.round(medianMs * Math.exp(spread * normal(random))));
}
