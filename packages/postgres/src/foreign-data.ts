/**
 * The data in PostgreSQL or Kafka belongs to another program or version. The message is for an operator and names the
 * command to run.
 */
export class ForeignDataError extends Error {
  override readonly name = "ForeignDataError";

  /** `fault`: a main clause without a full stop, for example "the schema intake was made by an earlier version". */
  constructor(fault: string) {
    super(`${fault}: set PostgreSQL and Kafka aside together with \`npx -y pnpm crossline set-aside\`.`);
  }
}
