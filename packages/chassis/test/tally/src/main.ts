import { runService } from "@crossline/chassis";
import { tally } from "./app.ts";

runService(tally);
