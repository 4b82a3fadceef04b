import { runService } from "@crossline/chassis";
import { timer } from "./app.ts";

runService(timer);
