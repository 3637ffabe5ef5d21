/** An invariant that failed: a bug of ours, never a caller's mistake. The command that met it stops. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/**
 * States what must be true here. It is checked in production: guessing on after a broken rule would cost money.
 * @param sentence what holds, as a sentence ("a transfer moves a positive amount")
 */
export function invariant(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new InvariantError(sentence);
}

/** Asserts a safe integer at an edge (SQL, JSON), where a silent loss of precision would begin. */
export function safeInteger(value: number, name: string): number {
  invariant(Number.isSafeInteger(value), `${name} is a safe integer, not ${value}`);
  return value;
}
