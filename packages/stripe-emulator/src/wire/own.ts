/** What a record itself holds under a name that a caller chose: not `constructor` and the like, which all objects inherit. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
