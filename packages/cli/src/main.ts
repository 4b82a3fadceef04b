import { crossline } from "./crossline.ts";
import { exitWithFault } from "./fault.ts";
import { checkNode } from "./node-version.ts";

async function main(): Promise<void> {
  checkNode();
  await crossline().parseAsync();
}

main().then(() => process.exit(), exitWithFault);
