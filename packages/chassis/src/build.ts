import type { Metrics } from "@crossline/service";

/** The version of every package. `test/tidy.test.ts` compares it with each package.json and with the changelog. */
export const version = "0.2.0";

/** The build of a service. `commit` is the commit that the service was built from, if the build named it. */
export type Build = {
  readonly name: string;
  readonly version: string;
  readonly commit?: string;
  readonly node: string;
};

/** Returns the build of a service. `node` is the version of the Node that runs the service. */
export function buildOf(name: string, commit: string | undefined): Build {
  return { name, version, ...(commit !== undefined && { commit }), node: process.versions.node };
}

/** Registers the metric `crossline_build_info`, whose value is always 1. Without a commit, the label `commit` is empty. */
export function registerBuild(metrics: Metrics, { commit = "", node }: Build): void {
  metrics
    .gauge({
      name: "crossline_build_info",
      help: "1, with the version, the commit and the Node version of the service as labels",
      labels: ["version", "commit", "node"],
    })
    .set({ version, commit, node }, 1);
}
