import type { Refusal } from "@crossline/contracts";
import { type FastifyReply, type FastifyRequest, refuse } from "@crossline/service";

/**
 * Returns a `preHandler` hook that limits how many requests of open routes run at once. Requests without a known caller have no share of
 * the admission. The hook runs after the body has arrived, so that a slow sender takes no place of another person.
 */
export function createOpenPlaces(concurrentMax: number, tooMany: Refusal) {
  let running = 0;
  return (_request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
    if (running >= concurrentMax) return void refuse(reply, tooMany);
    running += 1;
    reply.raw.once("close", () => (running -= 1));
    done();
  };
}
