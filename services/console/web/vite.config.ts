import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The address of the Crossline that the development server uses, as `npx -y pnpm start` starts it. */
const api = "http://127.0.0.1:7300";

// oxlint-disable-next-line import/no-default-export -- Vite reads the default export
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  // A browser that can run Crossline's screens has Temporal, so it needs no older syntax.
  build: { target: "es2024", assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  worker: { format: "es" },
  server: { proxy: { "/v1": api } },
});
