import type { Figures } from "./load.ts";
import type { Room } from "./room.ts";

/** One line of the table. */
export interface Row {
  readonly work: string;
  /** In words, as design.md section 10 has it. */
  readonly target: string;
  readonly ours: string;
  readonly naive: string;
  readonly limit: string;
  readonly isMet: boolean;
  /** What the book says after the load, or what else was found. */
  readonly verdict: string;
}

export interface Benchmark {
  /** For `--only`. */
  readonly name: string;
  run(room: Room): Promise<Row>;
}

const whole = new Intl.NumberFormat("en");

export function perSecond(value: number): string {
  return `${whole.format(Math.round(value))}/s`;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

export function latency({ p50Ms, p99Ms }: { readonly p50Ms: number; readonly p99Ms: number }): string {
  return `p50 ${milliseconds(p50Ms)}, p99 ${milliseconds(p99Ms)}`;
}

/** How the processor is used up by an answer. Without a database server its share is the server's. */
export function cpu({ cpuMicros: { server, database, client } }: Pick<Figures, "cpuMicros">): string {
  const parts = [
    `server ${Math.round(server)}`,
    `database ${Math.round(database)}`,
    `client ${Math.round(client)}`,
  ];
  return `CPU µs an answer: ${parts.join(", ")}`;
}

export function times(value: number): string {
  return `${value.toFixed(1)}x`;
}

export function share(value: number): string {
  return `${Math.round(value * 100)} %`;
}
