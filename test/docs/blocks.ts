/* What the guides show in a box of its own: fenced blocks, and lines that Markdown takes for code by their indentation. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "../..");

export interface Block {
  readonly line: number;
  /** After the fence; empty where it says none. */
  readonly language: string;
  /** Without the indentation of a list that it stands in. */
  readonly text: string;
}

/** Every page that a reader is sent to. */
export function guideFiles(): string[] {
  const patterns = ["*.md", "docs/**/*.md", "packages/*/README.md", "examples/*/README.md"];
  return globSync(patterns, { cwd: ROOT })
    .map((name) => name.replaceAll("\\", "/"))
    .sort();
}

export const readGuide = (file: string): string => readFileSync(join(ROOT, file), "utf8");

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  const lines = markdown.split("\n");
  for (let index = 0; index < lines.length; index += 1) {
    const fence = /^( *)(`{3,}|~{3,}) *([\w-]*)/.exec(lines[index]!);
    const isIndented = /^ {4}\S/.test(lines[index]!) && (lines[index - 1] ?? "").trim() === "";
    if (fence === null && !isIndented) continue;
    const [, indentation = "    ", mark = "", language = ""] = fence ?? [];
    const isOver = (line: string) =>
      fence === null ? !/^( {4}|\s*$)/.test(line) : line.trim().startsWith(mark);
    const begin = fence === null ? index : index + 1;
    let end = begin;
    while (end < lines.length && !isOver(lines[end]!)) end += 1;
    const inside = lines.slice(begin, end).map((line) => line.replace(indentation, ""));
    blocks.push({ line: index + 1, language, text: `${inside.join("\n").trimEnd()}\n` });
    index = end;
  }
  return blocks;
}
