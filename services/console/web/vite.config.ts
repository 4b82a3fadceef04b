import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The address of the Crossline that the development server uses, as `npx -y pnpm start` starts it. */
const api = "http://127.0.0.1:7300";

// oxlint-disable-next-line import/no-default-export -- Vite reads the default export
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    // The first versions with Temporal. For older ones, the build would also replace `light-dark()`, and no person could choose a theme.
    target: ["chrome144", "firefox139"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: ["index.html", "track.html"].map((name) => `${import.meta.dirname}/${name}`) },
    reportCompressedSize: false,
  },
  worker: { format: "es" },
  // The API compares the origin with the host, so the proxy keeps the host.
  server: { proxy: { "/v1": { target: api, changeOrigin: false } } },
});
