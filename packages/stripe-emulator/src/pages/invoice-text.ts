/**
 * The built-in fonts of a PDF know the letters of Western Europe only (Windows code page 1252). Other letters would come
 * out as wrong ones; here they lose their accents, and what has no Latin form becomes a question mark. With a font file
 * of one's own (`invoiceFontFile`) every text is printed as it is.
 */
const EXTRAS = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

/** Latin letters that Unicode does not take apart into a letter and an accent. */
const BARE: Record<string, string> = { Ł: "L", ł: "l", Đ: "D", đ: "d", ı: "i", ẞ: "SS", "−": "-", " ": " " };

export function printable(text: string): string {
  return [...text].map((letter) => (isPrintable(letter) ? letter : replacement(letter))).join("");
}

function isPrintable(letter: string): boolean {
  const code = letter.codePointAt(0) ?? 0;
  return (code >= 0x20 && code < 0x7f) || (code >= 0xa0 && code <= 0xff) || EXTRAS.includes(letter);
}

function replacement(letter: string): string {
  const bare = BARE[letter] ?? letter.normalize("NFKD").replaceAll(/\p{Mark}/gu, "");
  return bare !== "" && [...bare].every(isPrintable) ? bare : "?";
}
