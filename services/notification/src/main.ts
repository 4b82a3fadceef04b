import { runService } from "@crossline/chassis";
import { notification } from "./app.ts";

runService(notification);
