import { INT8 } from "./int8.ts";
import { Instants, WholeNumbers, type Scalar, type Statement } from "./session.ts";

/** How a value travels to PostgreSQL: as text, or as the bytes that the server keeps. */
export function parameterOf(value: Statement["values"][number]): string | Buffer | null {
  if (value === null || typeof value === "string") return value;
  if (value instanceof WholeNumbers) return int8Array(INT8, value.values);
  if (value instanceof Instants) return int8Array(TIMESTAMPTZ, value.values.map(microsOf));
  return typeof value === "object" ? arrayText(value) : String(value);
}

/** The type's number in PostgreSQL. It counts microseconds from the beginning of 2000. */
const TIMESTAMPTZ = 1184;
const BEGINNING_MS = Date.UTC(2000, 0, 1);

function microsOf(at: number | null): number | null {
  return at === null ? null : (at - BEGINNING_MS) * 1_000;
}

const HEADER_BYTES = 20;
const ELEMENT_BYTES = 12;
const TWO_TO_32 = 2 ** 32;

/** The wire's form of an array of eight-byte integers (`array_recv` and `int8recv` of PostgreSQL read it). */
function int8Array(elementType: number, values: readonly (number | null)[]): Buffer {
  const nulls = values.reduce<number>((count, value) => (value === null ? count + 1 : count), 0);
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + ELEMENT_BYTES * values.length - 8 * nulls);
  bytes.writeInt32BE(1, 0); // dimensions
  bytes.writeInt32BE(nulls > 0 ? 1 : 0, 4);
  bytes.writeInt32BE(elementType, 8);
  bytes.writeInt32BE(values.length, 12);
  bytes.writeInt32BE(1, 16); // the first index
  let at = HEADER_BYTES;
  for (const value of values) {
    bytes.writeInt32BE(value === null ? -1 : 8, at);
    at += 4;
    if (value === null) continue;
    bytes.writeInt32BE(Math.floor(value / TWO_TO_32), at);
    bytes.writeUInt32BE(value >>> 0, at + 4);
    at += 8;
  }
  return bytes;
}

/** PostgreSQL's notation of an array. Every text is quoted, so that it need not be looked at for what is special. */
function arrayText(values: readonly Scalar[]): string {
  let text = "{";
  for (const value of values) {
    if (text.length > 1) text += ",";
    text += typeof value === "string" ? quoted(value) : String(value);
  }
  return `${text}}`;
}

function quoted(value: string): string {
  const isPlain = !value.includes('"') && !value.includes("\\");
  return `"${isPlain ? value : value.replace(/["\\]/g, "\\$&")}"`;
}
