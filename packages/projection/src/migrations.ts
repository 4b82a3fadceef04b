import { resolve } from "node:path";

/** The folder of the migrations for the table `line`. */
export const lineMigrations: string = resolve(import.meta.dirname, "../lines/migrations");

/** The folder of the migrations for the table `timeline_mark`. */
export const markMigrations: string = resolve(import.meta.dirname, "../marks/migrations");
