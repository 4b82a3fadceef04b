import type { CrossingMode, Instant, MissingSkill } from "@crossline/contracts";

/**
 * The assignment of a case to a pool of the carrier. An assignment is inside the holder: it is no hand-off, and the holder and
 * the other clocks stay the same. docs/rules/pool.md shows the transitions.
 */
export type Assignment = OpenAssignment | ClaimedAssignment;

/** The fields of an assignment in both phases. */
type AssignmentTerms = {
  readonly id: string;
  readonly pool: string;
  readonly mode: CrossingMode;
  readonly step: number;
  readonly attempt: number;
  readonly assignedAt: Instant;
  readonly acceptWithin?: string;
  /** The firing that caused the assignment, if a clock caused it. */
  readonly firingId?: string;
  /** The person whose missing skill caused the assignment. */
  readonly missing?: MissingSkill;
};

/** An assignment that no person has claimed yet. */
export type OpenAssignment = AssignmentTerms & {
  readonly phase: "assigned";
  /** The instant at which the assignment lapses. Absent if the line has no clock `vendor.acceptance`. */
  readonly acceptBy?: Instant;
};

/** An assignment that a certified person has claimed. After the end of the lease, another person may claim it. */
export type ClaimedAssignment = AssignmentTerms & {
  readonly phase: "claimed";
  /** The fencing token of the latest claim. A command with an older token is refused. */
  readonly token: number;
  readonly claimedBy: string;
  readonly claimedAt: Instant;
  readonly leaseUntil: Instant;
};
