import { INT8 } from "./int8.ts";
import { Instants, Texts, WholeNumbers, type Scalar, type Statement } from "./session.ts";

/** Types' numbers in PostgreSQL, as in `int8.ts`. A timestamptz counts microseconds from the beginning of 2000. */
const TEXT = 25;
const TIMESTAMPTZ = 1184;
const BEGINNING_MS = Date.UTC(2000, 0, 1);

/** A batch of some dozen commands fits. */
const BYTES_AT_FIRST = 32_768;
/** A buffer that one huge batch made is not kept for the small ones after it. */
const BYTES_KEPT_MAX = 1_048_576;
const TWO_TO_32 = 2 ** 32;

/**
 * The messages of an exchange, one after the other in one buffer, so that they are sent by one write. Written message
 * by message, a batch's thirty small pieces cost more than all that is in them. The buffer is used again: whoever
 * begins a packet has had the answers to the one before it, so the server has read that one.
 */
export class Packet {
  #bytes = Buffer.allocUnsafe(BYTES_AT_FIRST);
  #view = viewOf(this.#bytes);
  #at = 0;

  begin(): void {
    this.#at = 0;
    if (this.#bytes.length > BYTES_KEPT_MAX) this.#replace(BYTES_AT_FIRST);
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Makes the server prepare a statement and describe its rows; what stands there under the name is closed first. */
  prepare({ name, text }: Statement): void {
    this.#message("C", () => this.#named(name));
    this.#message("P", () => {
      this.#string(name);
      this.#string(text);
      this.#int16(0); // it finds the types of the parameters by itself
    });
    this.#message("D", () => this.#named(name));
  }

  bind({ name, values }: Statement): void {
    this.#message("B", () => {
      this.#string(""); // the unnamed portal
      this.#string(name);
      this.#int16(values.length);
      for (const value of values) this.#int16(isBinary(value) ? 1 : 0);
      this.#int16(values.length);
      for (const value of values) this.#parameter(value);
      this.#int16(1);
      this.#int16(0); // rows come as text
    });
  }

  execute(): void {
    this.#message("E", () => {
      this.#string("");
      this.#int32(0); // all rows
    });
  }

  sync(): void {
    this.#message("S", () => {});
  }

  #message(code: string, writeBody: () => void): void {
    this.#reserve(5);
    this.#bytes[this.#at] = code.charCodeAt(0);
    this.#at += 1;
    this.#sized(writeBody, 4);
  }

  /** Writes a length before what it is the length of. @param own how much of the length's own bytes it counts */
  #sized(write: () => void, own: number): void {
    const startsAt = this.#at;
    this.#int32(0);
    write();
    this.#view.setInt32(startsAt, this.#at - startsAt - 4 + own);
  }

  /** A statement, not a portal. */
  #named(name: string): void {
    this.#string(`S${name}`);
  }

  #parameter(value: Statement["values"][number]): void {
    if (value === null) return this.#int32(-1);
    this.#sized(() => this.#value(value), 0);
  }

  #value(value: NonNullable<Statement["values"][number]>): void {
    if (value instanceof Texts) return this.#texts(value.values);
    if (value instanceof WholeNumbers) return this.#int8s(INT8, value.values, plain);
    if (value instanceof Instants) return this.#int8s(TIMESTAMPTZ, value.values, microsOf);
    this.#utf8(typeof value === "object" ? arrayText(value) : String(value));
  }

  /** The beginning of an array's wire form (`array_recv` of PostgreSQL reads it): one dimension, counted from 1. */
  #array(elementType: number, count: number): void {
    this.#int32(count === 0 ? 0 : 1);
    this.#int32(1); // there may be nulls
    this.#int32(elementType);
    if (count === 0) return;
    this.#int32(count);
    this.#int32(1);
  }

  #texts(values: readonly (string | null)[]): void {
    this.#array(TEXT, values.length);
    for (const value of values) {
      if (value === null) {
        this.#int32(-1);
      } else {
        const startsAt = this.#at;
        this.#int32(0);
        this.#utf8(value);
        this.#view.setInt32(startsAt, this.#at - startsAt - 4);
      }
    }
  }

  #int8s(elementType: number, values: readonly (number | null)[], toWhole: (value: number) => number): void {
    this.#array(elementType, values.length);
    this.#reserve(12 * values.length);
    const view = this.#view;
    let at = this.#at;
    for (const value of values) {
      view.setInt32(at, value === null ? -1 : 8);
      at += 4;
      if (value === null) continue;
      const whole = toWhole(value);
      view.setInt32(at, Math.floor(whole / TWO_TO_32));
      view.setInt32(at + 4, whole);
      at += 8;
    }
    this.#at = at;
  }

  #int16(value: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#at, value);
    this.#at += 2;
  }

  #int32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#at, value);
    this.#at += 4;
  }

  /** Ends with a zero byte. */
  #string(text: string): void {
    this.#utf8(text);
    this.#reserve(1);
    this.#bytes[this.#at] = 0;
    this.#at += 1;
  }

  #utf8(text: string): void {
    this.#reserve(3 * text.length);
    const bytes = this.#bytes;
    const startsAt = this.#at;
    // Ids and names are short and ASCII: to call the encoder for each takes longer than to copy them.
    const end = text.length <= COPIED_CHARACTERS_MAX ? text.length : 0;
    let index = 0;
    for (; index < end; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 127) break;
      bytes[startsAt + index] = code;
    }
    this.#at += index === text.length ? index : bytes.write(text, startsAt, "utf8");
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes > this.#bytes.length) this.#replace(2 * (this.#at + bytes));
  }

  #replace(length: number): void {
    const bytes = Buffer.allocUnsafeSlow(length);
    this.#bytes.copy(bytes, 0, 0, this.#at);
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }
}

const COPIED_CHARACTERS_MAX = 64;

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function isBinary(value: Statement["values"][number]): boolean {
  return value instanceof Texts || value instanceof WholeNumbers || value instanceof Instants;
}

const plain = (value: number) => value;
const microsOf = (at: number) => (at - BEGINNING_MS) * 1_000;

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
