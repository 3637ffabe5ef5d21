import { safeInteger } from "@bursar/core";
import pg from "pg";

/** The type's number in PostgreSQL. */
export const INT8 = 20;

export const toSafeInteger = (text: string): number => safeInteger(Number(text), "an int8 of the database");

/** PostgreSQL's int8 as safe integers; the rest as `pg` reads it. */
export const INT8_PARSERS = new pg.TypeOverrides();
INT8_PARSERS.setTypeParser(INT8, toSafeInteger);
