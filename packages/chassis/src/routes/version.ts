import type { Http } from "@crossline/service";
import { z } from "zod";
import type { Build } from "../build.ts";

const serviceVersion = z
  .object({
    name: z.string(),
    version: z.string().meta({ description: "The version in the changelog" }),
    commit: z
      .string()
      .optional()
      .meta({ description: "The commit that the service was built from, if the build named it" }),
    node: z.string().meta({ description: "The version of Node that runs the service" }),
  })
  .meta({
    id: "ServiceVersion",
    examples: [
      { name: "intake", version: "0.2.0", commit: "7ae6c1f78977b19d5fc5ca034759d6edd9e1443a", node: "26.10.0" },
    ],
  });

const schema = {
  operationId: "getVersion",
  summary: "Read the version of the service",
  tags: ["operation"],
  security: [],
  refuses: ["too_many_requests"],
  response: { 200: serviceVersion },
} as const;

/** Serves `GET /version`, which needs no key. */
export function serveVersion(http: Http, build: Build): void {
  http.get("/version", { schema }, async () => build);
}
