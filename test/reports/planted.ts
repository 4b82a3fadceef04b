/** A training gap of a generated history: the factors by which holds and fixes of one symptom and model differ. */
type PlantedGap = {
  readonly symptom: string;
  readonly model: string;
  readonly held: number;
  readonly fixed: number;
};

/** The effects that a generated history contains for one carrier. A report must find exactly these. */
export type PlantedEffect =
  | { readonly kind: "nothing" }
  | { readonly kind: "gaps"; readonly gaps: readonly PlantedGap[] }
  /** From the date on, the people resolve more cases of one operating system at the first contact. */
  | { readonly kind: "training"; readonly os: string; readonly before: number; readonly after: number }
  /** The people in stores sell one model to customers who need another one. */
  | { readonly kind: "push"; readonly model: string; readonly firstContact: number; readonly reopened: number };

type Kind = PlantedEffect["kind"];
/** The effects of the first two carriers, by seed. Every other carrier has none. */
const plans: readonly (readonly [Kind, Kind])[] = [
  ["nothing", "nothing"],
  ["gaps", "training"],
  ["push", "gaps"],
  ["training", "push"],
  ["gaps", "nothing"],
];

/** Returns the kind of effect that each carrier of a history has. The seeds 0 to 4 contain each kind at least once. */
export function plannedKinds(seed: number, carriers: number): readonly Kind[] {
  const plan = plans[seed % plans.length] ?? [];
  return Array.from({ length: carriers }, (_, place) => plan[place] ?? "nothing");
}
