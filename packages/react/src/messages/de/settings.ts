import type { Messages } from "../english.ts";

/** The frame of the standalone settings, and its Members and Account screens. */
export const settingsWords: Messages["settings"] = {
  nav: { label: "Einstellungen", billing: "Abrechnung", members: "Mitglieder", account: "Konto" },
  members: {
    seats: (seats, used) => `${seats}, ${used} belegt`,
  },
  account: {
    you: "Sie",
    name: "Name",
    email: "E-Mail",
    role: "Rolle",
  },
};
