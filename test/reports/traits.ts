import type { EventData, Instant } from "@crossline/contracts";
import type { Random } from "@crossline/domain";
import { type ChannelHabit, type Market, type Model, type Symptom, choose, habits, trainedAt } from "./market.ts";
import type { PlantedEffect } from "./planted.ts";

/** The traits of one case, which decide how it probably goes. */
export type CaseTraits = {
  readonly carrier: string;
  readonly openedAt: Instant;
  readonly habit: ChannelHabit;
  readonly severity: "critical" | "major" | "minor";
  /** Absent: the carrier does not know the model. */
  readonly model: Model | undefined;
  readonly symptom: Symptom | undefined;
  readonly isCanary: boolean;
  /** The probability that the first contact resolves the case. */
  readonly firstContact: number;
  readonly reopened: number;
  /** The factors by which the hold and the fix of the case differ from those of its channel. */
  readonly held: number;
  readonly fixed: number;
};

/** Draws the traits of a case. Canaries are a group with long holds and fast fixes, so that a report that counts them finds a false gap. */
export function drawTraits(market: Market, openedAt: Instant, random: Random): CaseTraits {
  const { name: carrier, planted } = choose(market.carriers, random);
  const isCanary = random() < 0.04;
  const [model, symptom] = isCanary ? [market.models[0], market.symptoms[0]] : drawDevice(market, planted, random);
  const habit = drawHabit(planted, model, random);
  const gap =
    planted.kind === "gaps"
      ? planted.gaps.find((one) => one.model === model?.name && one.symptom === symptom?.name)
      : undefined;
  const hardness = symptom?.hardness ?? 1;
  return {
    carrier,
    openedAt,
    habit,
    severity: random() < 0.2 ? "critical" : random() < 0.6 ? "major" : "minor",
    model,
    symptom,
    isCanary,
    ...chancesOf(planted, { habit, model, openedAt }),
    held: hardness * (isCanary ? 20 : (gap?.held ?? 1)),
    fixed: hardness * (isCanary ? 0.05 : (gap?.fixed ?? 1)),
  };
}

/** A planted gap has some more cases than other groups. Otherwise some gaps would have too few crossed cases for a report. */
function drawDevice(
  { models, symptoms }: Market,
  planted: PlantedEffect,
  random: Random,
): readonly [Model | undefined, Symptom | undefined] {
  const [model, symptom, isKnown] = [choose(models, random), choose(symptoms, random), random()];
  if (planted.kind === "gaps" && random() < 0.05) {
    const gap = choose(planted.gaps, random);
    return [models.find(({ name }) => name === gap.model), symptoms.find(({ name }) => name === gap.symptom)];
  }
  return [isKnown < 0.03 ? undefined : model, isKnown > 0.98 ? undefined : symptom];
}

/** A pushed model is sold in stores, so more of its cases come from there. */
function drawHabit(planted: PlantedEffect, model: Model | undefined, random: Random): ChannelHabit {
  const isPushed = planted.kind === "push" && planted.model === model?.name;
  let left = random() * (isPushed ? 1.5 : 1);
  for (const habit of habits) {
    left -= habit.share + (isPushed && habit.channel === "store" ? 0.5 : 0);
    if (left < 0) return habit;
  }
  return habits[0] as ChannelHabit;
}

function chancesOf(
  planted: PlantedEffect,
  { habit, model, openedAt }: Pick<CaseTraits, "habit" | "model" | "openedAt">,
): Pick<CaseTraits, "firstContact" | "reopened"> {
  const usual = { firstContact: habit.firstContact, reopened: 0.05 };
  if (planted.kind === "training" && planted.os === model?.os)
    return { ...usual, firstContact: openedAt < trainedAt ? planted.before : planted.after };
  if (planted.kind === "push" && planted.model === model?.name && habit.channel === "store")
    return { firstContact: planted.firstContact, reopened: planted.reopened };
  return usual;
}

/** Returns the content of `case.opened`. */
export function openingOf(
  traits: CaseTraits,
  line: EventData<"case.opened">["line"],
  number: number,
): EventData<"case.opened"> {
  const { carrier, habit, severity, model, symptom, isCanary } = traits;
  return {
    actor: { party: carrier, automated: false },
    carrier,
    carrierCaseId: `R-${number}`,
    kind: "fault",
    severity,
    title: "A generated case",
    channel: habit.channel,
    line,
    lineReason: "generated",
    status: "acknowledged",
    device:
      model === undefined
        ? { os: "PocketOS 4.2" }
        : { vendor: model.vendor, model: model.name, os: `${model.os} 4.${number % 4}` },
    ...(symptom !== undefined && { symptom: symptom.name }),
    ...(isCanary && { canary: { canaryId: "cn_generated", door: "rest" as const } }),
  };
}
