import { defineService, migrationsOf } from "@crossline/chassis";
import { topics } from "@crossline/contracts";
import { baseConfig } from "@crossline/service";
import { z } from "zod";
import { applyOpenings, serveOpenings } from "./openings.ts";

export const tally = defineService({
  name: "tally",
  openapi: { title: "Crossline tally", description: "The number of cases that each carrier opened." },
  config: z.object(baseConfig({ port: 7306 })),
  settings: () => ({}),
  migrations: migrationsOf(import.meta),
  reads: { topics: [topics.case], types: new Set(["case.opened"]) },
  publishes: [],
  build: ({ database }) => ({
    apply: applyOpenings,
    routes: (http) => serveOpenings(http, { database }),
  }),
});
