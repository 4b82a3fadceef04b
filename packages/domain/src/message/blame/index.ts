export { featureCount, featuresOf } from "./features.ts";
export { sentencesOf } from "./sentences.ts";
