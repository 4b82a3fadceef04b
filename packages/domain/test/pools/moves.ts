import { type CrossingDeps, commandAssignment, waitFor } from "../../src/index.ts";
import type { PoolCommand } from "../../src/pool/claim.ts";
import { unstaffed } from "../unstaffed.ts";
import type { WholeCase } from "../whole.ts";
import { pocketOs } from "./given.ts";

/* The moves of a pool's people in random histories. */

const specialist = { party: "northtel", person: "spec-1", automated: false };
const hourMs = 3_600_000;

/** The device for which only two specialists are certified. */
export const pocketDevice = { vendor: "orchard", model: "Handheld 8700", os: "PocketOS 4.2" };

/** Two specialists have the skill. No specialist, one specialist and both are on duty in the pool `ios` in turn, for an hour each. */
export const staffed: Omit<CrossingDeps, "line"> = {
  ...unstaffed,
  skillsOf: (_party, person) => (person.startsWith("spec-") ? [pocketOs(2)] : []),
  onPool: (_party, _pool, at) =>
    ["rep-1", "spec-1", "spec-2"]
      .slice(0, 1 + (Math.floor(at / hourMs) % 3))
      .map((person) => ({ person, skills: staffed.skillsOf("northtel", person) })),
};

const onAssignment =
  (command: (whole: WholeCase) => PoolCommand, actor = specialist) =>
  (whole: WholeCase): unknown => {
    const assignmentId = waitFor(whole.crossing, "pool")?.assignment.id ?? "none";
    return whole.route((state) =>
      commandAssignment(state, { assignmentId, command: command(whole), actor }, whole.deps, whole.now),
    );
  };
const token = ({ crossing }: WholeCase): number => {
  const open = waitFor(crossing, "pool")?.assignment;
  return open?.phase === "claimed" ? open.token : 0;
};
let calls = 0;

export const poolMoves: readonly (readonly [string, (whole: WholeCase) => unknown])[] = [
  ["claim the assignment", onAssignment(() => ({ type: "claim", person: "spec-1" }))],
  ["renew the assignment", onAssignment((whole) => ({ type: "renew", token: token(whole) }))],
  ["release the assignment", onAssignment((whole) => ({ type: "release", token: token(whole) }))],
  [
    "a specialist calls",
    (whole) =>
      whole.command({ type: "start-handling", handlingId: `hd_spec ${++calls}`, channel: "phone" }, specialist),
  ],
  [
    "the specialist hangs up",
    (whole) => {
      const handlingId = whole.intake.handlings.findLast(({ id }) => id.startsWith("hd_spec"))?.id ?? "none";
      return whole.command({ type: "end-handling", handlingId }, specialist);
    },
  ],
];
