import type { Brief } from "@crossline/contracts";

const longest = 1_000;

/** Returns the read-back of a brief with which the form of an acceptance begins. */
export function readBackOf({ case: { title }, device, symptom, tried }: Brief): { problem: string; tried: string } {
  const about = [device?.model, symptom].filter((text) => text !== undefined).join(", ");
  const steps = tried.map(({ step: { name, outcome } }) => `${name}: ${outcome}`);
  return {
    problem: (about === "" ? title : `${title} (${about})`).slice(0, longest),
    tried: (steps.length === 0 ? "Nothing was tried." : steps.join("; ")).slice(0, longest),
  };
}
