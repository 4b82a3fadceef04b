import "../styles/tokens.css";
import "../styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "../api/queries.ts";
import { CustomerScreen } from "./customer-screen.tsx";

/*
 * The customer's screen has an entry of its own, without the router and the frame of the other screens. A phone loads less
 * code. A customer cannot choose the browser of a desk, so this entry also works in browsers without Temporal.
 */
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no element for the screen.");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <CustomerScreen />
    </QueryClientProvider>
  </StrictMode>,
);
