import { pino, type Logger } from "pino";

export type Log = Logger;

/** JSON lines on standard error. Keys, cookies and card data are never handed to it; what might hold them is struck out. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      redact: { paths: ["*.authorization", "*.cookie", "*.secret", "*.token"], censor: "[struck out]" },
    },
    process.stderr,
  );
}
