import { asAccountId, type Catalog } from "@bursar/core";
import type { PastEvent } from "../book/backfill.ts";
import { isStorable } from "../db/storable.ts";
import { EVENT_ID_CHARACTERS_MAX, PROPERTIES_BYTES_MAX, propertiesMistake } from "./event-bounds.ts";
import { readCells, type FileFormat } from "./file-records.ts";
import { readEvent, type EventRefusal } from "./read-events.ts";

/** A row of a file as an event, its account still by the name that the file uses. */
export interface NamedEvent {
  readonly account: string;
  readonly event: PastEvent;
}

const COLUMNS = ["account", "id", "meter", "quantity", "time", "properties"] as const;
type Column = (typeof COLUMNS)[number];

/** The texts of a row by column; what it does not have is absent. */
type Row = Partial<Record<Column, unknown>>;

/** Turns records of one file into events. */
export interface PastEventReader {
  read(record: string): NamedEvent | EventRefusal;
}

/**
 * @param header the first record of a CSV file, which names its columns
 * @param account whose events they are, for files that do not say it in each row
 * @throws when the columns are not those of events; a misspelt one must not be dropped
 */
export function createPastEventReader(
  catalog: Catalog,
  { format, header, account }: { format: FileFormat; header: string; account: string | undefined },
): PastEventReader {
  const toRow = format === "csv" ? csvRows(header, account !== undefined) : jsonRow;
  return {
    read(record) {
      const row = toRow(record);
      return typeof row === "string" ? invalid(row) : toEvent(catalog, row, account);
    },
  };
}

function csvRows(header: string, isAccountKnown: boolean): (record: string) => Row | string {
  const columns = (readCells(header) ?? []).map((name) => name.trim());
  const unknown = columns.filter((name) => !(COLUMNS as readonly string[]).includes(name));
  const missing = ["id", "meter", "time", ...(isAccountKnown ? [] : ["account"])].filter(
    (name) => !columns.includes(name),
  );
  if (unknown.length + missing.length > 0 || new Set(columns).size < columns.length) {
    const found =
      unknown.length > 0
        ? `"${unknown.join('", "')}" is none of them`
        : `"${missing.join('", "')}" is missing`;
    throw new Error(
      `The first line of a CSV file names its columns: ${COLUMNS.join(", ")}, each once; quantity and properties may be left out, and account where --account is given. Here ${found}.`,
    );
  }
  return (record) => {
    const cells = readCells(record);
    if (cells === null) return "a quote is not closed, or stands within a cell that is not quoted";
    if (cells.length !== columns.length)
      return `it has ${cells.length} cells, and the first line ${columns.length}`;
    const row: Row = {};
    for (let index = 0; index < columns.length; index += 1) {
      if (cells[index] !== "") row[columns[index] as Column] = cells[index];
    }
    if (row.quantity !== undefined) {
      if (!/^-?\d{1,16}$/.test(row.quantity as string))
        return `quantity: "${row.quantity as string}" is no whole number`;
      row.quantity = Number(row.quantity);
    }
    if (row.properties === undefined) return row;
    const properties = parseJson(row.properties as string);
    return properties === undefined ? "properties: is not JSON" : { ...row, properties };
  };
}

function jsonRow(record: string): Row | string {
  const row = parseJson(record);
  if (typeof row !== "object" || row === null || Array.isArray(row)) return "it is no JSON object";
  return knownFields(row);
}

/** An event of the past as an object, from a line of NDJSON or a request. */
export function readPastEvent(catalog: Catalog, sent: object): NamedEvent | EventRefusal {
  const row = knownFields(sent);
  return typeof row === "string" ? invalid(row) : toEvent(catalog, row, undefined);
}

function knownFields(row: object): Row | string {
  const unknown = Object.keys(row).filter((name) => !(COLUMNS as readonly string[]).includes(name));
  return unknown.length > 0
    ? `"${unknown.join('", "')}" is no field of an event: they are ${COLUMNS.join(", ")}`
    : row;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function toEvent(catalog: Catalog, row: Row, fallback: string | undefined): NamedEvent | EventRefusal {
  const { id, meter, quantity = 1, time, properties, account = fallback } = row;
  if (typeof id !== "string" || id === "" || id.length > EVENT_ID_CHARACTERS_MAX || !isStorable(id))
    return invalid(`id: is a text of 1 to ${EVENT_ID_CHARACTERS_MAX} characters that can be stored`);
  if (typeof account !== "string" || !isStorable(account)) return invalid("account: is missing");
  if (typeof meter !== "string") return invalid("meter: is missing");
  if (typeof quantity !== "number" || !Number.isSafeInteger(quantity))
    return invalid("quantity: is a whole number");
  if (typeof time !== "string" || !isInstant(time))
    return invalid(`time: is an instant with its zone, as 2026-03-01T12:00:00Z, not ${JSON.stringify(time)}`);
  if (properties !== undefined && !isGoodProperties(properties))
    return invalid(`properties: is an object of ${PROPERTIES_BYTES_MAX} bytes at most that can be stored`);
  const now = NaN; // Every event here has a time of its own.
  const read = readEvent(
    catalog,
    { id, meter, quantity, time, properties, enforce: false },
    { accountId: asAccountId(account), now },
  );
  if ("code" in read) return read;
  return {
    account,
    event: { command: { ...read.command, mode: "backfill" }, properties: read.properties },
  };
}

function isGoodProperties(properties: unknown): boolean {
  if (typeof properties !== "object" || properties === null || Array.isArray(properties)) return false;
  return propertiesMistake(properties as Record<string, unknown>) === null;
}

const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
const goodDays = new Set<string>();

/** A day that a month does not have would be taken for one of the next month. */
function isInstant(text: string): boolean {
  const day = INSTANT.exec(text)?.[1];
  if (day === undefined || Number.isNaN(Date.parse(text))) return false;
  if (goodDays.has(day)) return true;
  if (new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return false;
  goodDays.add(day);
  return true;
}

function invalid(detail: string): EventRefusal {
  return { code: "invalid_event", detail: `${detail}.` };
}
