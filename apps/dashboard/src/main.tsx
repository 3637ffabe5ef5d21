import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createClient } from "@bursar/client";
import { BursarProvider } from "@bursar/react";
import "@bursar/react/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { doorAt } from "./doors.tsx";
import { useLanguage } from "./language.ts";
import { navigate } from "./routing.ts";
import { DoorShell, Shell } from "./shell.tsx";
import "./shell.css";

const client = createClient();
const queries = new QueryClient();
const door = doorAt(window.location);
const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no element with the id page");

function Page() {
  const { language, locale, choose } = useLanguage();
  return (
    <BursarProvider client={client} navigate={navigate} {...(locale === undefined ? {} : { locale })}>
      {door === null ? (
        <Shell {...{ client, language, choose }} />
      ) : (
        <DoorShell {...{ language, choose }}>{door}</DoorShell>
      )}
    </BursarProvider>
  );
}

createRoot(page).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Page />
    </QueryClientProvider>
  </StrictMode>,
);
