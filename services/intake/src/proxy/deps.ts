import type { FastifyReply, FastifyRequest, Http } from "@crossline/service";
import type { ServiceAddresses } from "../services/other-services.ts";
import type { ReadAgainDeps } from "./read-again.ts";

/** The dependencies of the routes that pass requests on. */
export type ProxyDeps = ReadAgainDeps & {
  /** Waits until the console shows the effects of earlier commands too. */
  readonly awaitConsole: ReadAgainDeps["awaitEffects"];
  readonly addresses: ServiceAddresses;
  readonly authentication: RequestHook;
  /** Admits a request, or refuses it. */
  readonly admission: RequestHook;
  /** Forgets a session that its person has ended. */
  readonly forgetSession: (sessionId: string) => void;
  /** The address of Crossline for browsers. Undefined: the header Host names the address. */
  readonly publicOrigin: string | undefined;
};

/** A hook of Fastify that runs before the body is read. */
type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** Makes Fastify pass on each body as it is. */
export function receiveWholeBodies(plain: Pick<Http, "removeAllContentTypeParsers" | "addContentTypeParser">): void {
  plain.removeAllContentTypeParsers();
  plain.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, parsed) => parsed(null, body));
}
