/** PostgreSQL stores no zero byte and no half of a surrogate pair, neither as text nor in JSON. */
export const isStorable = (text: string): boolean => !text.includes("\0") && text.isWellFormed();
