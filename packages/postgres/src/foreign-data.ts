/** The data in PostgreSQL or Kafka is not this program's. The message is one sentence for an operator, and names the command that helps. */
export class ForeignDataError extends Error {
  override readonly name = "ForeignDataError";

  /** `fault`: a main clause without a full stop, as "the schema intake was made by an earlier version". */
  constructor(fault: string) {
    super(`${fault}: set PostgreSQL and Kafka aside together with \`npx -y pnpm crossline set-aside\`.`);
  }
}
