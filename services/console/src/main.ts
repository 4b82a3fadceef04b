import { runService } from "@crossline/chassis";
import { console as consoleService } from "./app.ts";

runService(consoleService);
