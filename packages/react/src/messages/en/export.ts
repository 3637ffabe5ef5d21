/** Tables for a spreadsheet. */
export const exportWords = {
  csv: "Export CSV",
  busy: "Exporting",
  done: (name: string) => `Saved as ${name}.`,
  failed: "The file could not be made. Try again.",
};
