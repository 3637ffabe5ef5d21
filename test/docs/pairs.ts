import { blocksOf, guideFiles, readGuide, type Block } from "./blocks.ts";
import { WAYS, type Way } from "./ways.ts";

export type Pair = readonly [Block, Way];

/** @throws where a block has no row, or another one, at its place */
export function pairsOf(file: string): Pair[] {
  const rows = WAYS[file] ?? [];
  return blocksOf(readGuide(file)).map((block, at) => {
    const [begins, way] = rows[at] ?? [];
    if (begins !== undefined && way !== undefined && block.text.startsWith(begins)) return [block, way];
    throw new Error(
      `${file}:${block.line}: this block is neither run nor excused. Give it a row at its place in test/docs/ways.ts.`,
    );
  });
}

export function isWay<Name extends string>(way: Way, name: Name): boolean {
  return way === name || (typeof way === "object" && name in way);
}

/** The blocks of all guides that go this way. */
export function blocksBy(name: string): { file: string; block: Block; way: Way }[] {
  return guideFiles().flatMap((file) =>
    pairsOf(file)
      .filter(([, way]) => isWay(way, name))
      .map(([block, way]) => ({ file, block, way })),
  );
}
