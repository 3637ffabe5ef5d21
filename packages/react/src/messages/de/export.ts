import type { Messages } from "../english.ts";

/** Tables for a spreadsheet. */
export const exportWords: Messages["export"] = {
  csv: "CSV exportieren",
  busy: "Wird exportiert",
  done: (name) => `Gespeichert als ${name}.`,
  failed: "Die Datei konnte nicht erstellt werden. Versuchen Sie es erneut.",
};
