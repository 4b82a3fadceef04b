import { runService } from "@crossline/chassis";
import { routing } from "./app.ts";

runService(routing);
