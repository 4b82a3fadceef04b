/** The time in which an issuer must respond to one request, with its body. */
export const respondWithinMs = 5_000;
const bytesMax = 262_144;
const withoutBody: ReadonlySet<number> = new Set([204, 205, 304]);

/** The issuer did not respond in time, or responded with a fault of its own. */
export class IssuerUnreachableError extends Error {
  override readonly name = "IssuerUnreachableError";
}

/** The parts of a request that both libraries set. */
type IssuerRequest = {
  readonly method?: string | undefined;
  readonly headers?: RequestInit["headers"] | undefined;
  readonly body?: RequestInit["body"] | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Sends a request to an issuer. The response has at most 256 KiB and arrives within 5 s. No redirect is followed, because it could lead to
 * any address. Throws an IssuerUnreachableError for every other response, and for a status from 500.
 */
export async function fetchFromIssuer(
  url: string,
  { method, headers, body, signal }: IssuerRequest,
): Promise<Response> {
  const limit = AbortSignal.timeout(respondWithinMs);
  const ended = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  try {
    const response = await fetch(url, {
      redirect: "manual",
      signal: ended,
      ...(method !== undefined && { method }),
      ...(headers !== undefined && { headers }),
      body: body ?? null,
    });
    const { status } = response;
    const bytes = await readBody(response);
    if (status >= 500) throw new Error(`the issuer responded with ${status}`);
    return new Response(withoutBody.has(status) ? null : bytes, { status, headers: response.headers });
  } catch (error) {
    throw new IssuerUnreachableError("the issuer does not respond", { cause: error });
  }
}

async function readBody({ body }: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new Error("the response of the issuer is too large"); // The loop then cancels the body.
  }
  return Buffer.concat(chunks);
}
