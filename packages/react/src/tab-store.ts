/** What the browser does not keep, as where storage is blocked or full: until the page is left. */
const unkept = new Map<string, string>();

/** What this tab was given to keep under the name, or `null`. */
export function recall<Value>(name: string): Value | null {
  try {
    return JSON.parse(unkept.get(name) ?? window.sessionStorage.getItem(`bursar:${name}`) ?? "null") as Value;
  } catch {
    return null;
  }
}

/** Keeps it for this tab. A press whose answer was lost must find its key again even where nothing is stored. */
export function keep(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  unkept.delete(name);
  try {
    window.sessionStorage.setItem(`bursar:${name}`, text);
  } catch {
    unkept.set(name, text);
  }
}

export function forget(name: string): void {
  unkept.delete(name);
  try {
    window.sessionStorage.removeItem(`bursar:${name}`);
  } catch {
    // Nothing was kept there.
  }
}
