/**
 * One record of CSV as RFC 4180 writes it, with its line end. Texts that a spreadsheet would take for a formula get an
 * apostrophe before them (OWASP, "CSV injection"); numbers are ours and stay as they are. `null` is an empty cell.
 */
export function csvRecord(cells: readonly (string | number | null)[]): string {
  return `${cells.map(csvCell).join(",")}\r\n`;
}

function csvCell(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
