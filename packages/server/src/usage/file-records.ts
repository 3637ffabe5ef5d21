/** One line of NDJSON or one record of CSV, as text. */
export interface FileRecord {
  /** Its number in the file, from 1. */
  readonly line: number;
  readonly text: string;
}

export type FileFormat = "csv" | "ndjson";

/** Longer than any event that would be taken; a file without line ends would fill the memory. */
const RECORD_CHARACTERS_MAX = 1024 * 1024;

/**
 * Cuts a file into its records as it is read, some thousands at a time: one record is one line, also in CSV, so that a
 * quote that nobody closed spoils its own line and not all that follow. Empty lines are left out.
 */
export async function* readRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord[]> {
  // A byte order mark at the beginning is not part of the text; the decoder drops it.
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  let line = 1;
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop()!;
    if (rest.length > RECORD_CHARACTERS_MAX) {
      throw new Error(
        `Line ${line + lines.length} is longer than ${RECORD_CHARACTERS_MAX} characters: this is no file of events.`,
      );
    }
    const records: FileRecord[] = [];
    for (const text of lines) {
      if (text.trim() !== "") records.push({ line, text: withoutReturn(text) });
      line += 1;
    }
    if (records.length > 0) yield records;
  }
  const last = withoutReturn(rest + decoder.decode());
  if (last.trim() !== "") yield [{ line, text: last }];
}

function withoutReturn(text: string): string {
  return text.endsWith("\r") ? text.slice(0, -1) : text;
}

/** The cells of a CSV record (RFC 4180). @returns `null` when its quotes do not fit */
export function readCells(record: string): string[] | null {
  if (!record.includes('"')) return record.split(",");
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (record[at] === '"') {
      const quoted = /"((?:[^"]|"")*)"(?=,|$)/y;
      quoted.lastIndex = at;
      const found = quoted.exec(record);
      if (found === null) return null;
      cells.push(found[1]!.replaceAll('""', '"'));
      at = quoted.lastIndex;
    } else {
      const comma = record.indexOf(",", at);
      const cell = record.slice(at, comma === -1 ? undefined : comma);
      if (cell.includes('"')) return null;
      cells.push(cell);
      at += cell.length;
    }
    if (at >= record.length) return cells;
    at += 1;
    if (at === record.length) return [...cells, ""];
  }
}
