import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { isAlive } from "./leftovers.ts";

const label = "crossline.test";

/** What marks this run's containers; with it the next run finds those of one that was killed. */
export const labels = { [label]: `${hostname()}/${process.pid}` };

/** True where a Docker daemon answers and has the image: nothing is pulled. Also removes what killed runs left behind. */
export async function hasImage(image: string): Promise<boolean> {
  if (process.env["DOCKER_HOST"] === undefined && !existsSync("/var/run/docker.sock")) return false;
  // testcontainers' reaper is one more image to be had; the labels do its work.
  process.env["TESTCONTAINERS_RYUK_DISABLED"] ??= "true";
  const { getContainerRuntimeClient, ImageName } = await import("testcontainers");
  try {
    const client = await getContainerRuntimeClient();
    swept ??= sweep(client.container.dockerode);
    await swept;
    return await client.image.exists(ImageName.fromString(image));
  } catch {
    return false; // no daemon, or not for us
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
