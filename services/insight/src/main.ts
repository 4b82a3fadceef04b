import { runService } from "@crossline/chassis";
import { insight } from "./app.ts";

runService(insight);
