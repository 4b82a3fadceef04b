import { runService } from "@crossline/chassis";
import { intake } from "./app.ts";

runService(intake);
