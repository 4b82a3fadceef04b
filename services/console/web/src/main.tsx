import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/shell.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries.ts";
import { router } from "./router.tsx";
import { applyTheme } from "./shell/theme.ts";

applyTheme();
// The button Back can show a page as it was, with the data of a person who has signed out, and without its stream.
window.addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element for the screens.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);
