import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { isAlive } from "./leftovers.ts";

const label = "crossline.test";

/** The labels of this run's containers. The next run finds the containers of a killed run by their labels. */
export const labels = { [label]: `${hostname()}/${process.pid}` };

/**
 * Returns whether a Docker daemon responds and has the image. The function pulls no image. The function also removes the
 * containers of killed runs.
 */
export async function hasImage(image: string): Promise<boolean> {
  if (process.env["DOCKER_HOST"] === undefined && !existsSync("/var/run/docker.sock")) return false;
  // The reaper of testcontainers would need one more image. Labels on the containers replace the reaper.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  const { getContainerRuntimeClient, ImageName } = await import("testcontainers");
  try {
    const client = await getContainerRuntimeClient();
    swept ??= sweep(client.container.dockerode);
    await swept;
    return await client.image.exists(ImageName.fromString(image));
  } catch {
    return false; // No Docker daemon runs, or this account may not use the daemon.
  }
}

type Client = Awaited<ReturnType<typeof import("testcontainers").getContainerRuntimeClient>>;

let swept: Promise<void> | undefined;

async function sweep(docker: Client["container"]["dockerode"]): Promise<void> {
  for (const { Id, Labels } of await docker.listContainers({ all: true, filters: { label: [label] } })) {
    const [host, pid] = (Labels[label] ?? "").split("/");
    if (host !== hostname() || isAlive(Number(pid))) continue;
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
}
