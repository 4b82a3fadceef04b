import { runService } from "@crossline/chassis";
import { auditor } from "./app.ts";

runService(auditor);
