/**
 * For developers: which colours of a host's theme are hard to read (E4). Text needs a contrast of 4.5, lines and fills
 * of 3 (WCAG 2.2, 1.4.3 and 1.4.11). Not part of a production build.
 */
type Colour = readonly [red: number, green: number, blue: number];

interface Pair {
  fore: string;
  back: string;
  least: number;
}

const TEXT = 4.5;
const LINE = 3;

const on = (back: string, least: number, ...fores: string[]): Pair[] =>
  fores.map((fore) => ({ fore, back, least }));

const pairs: readonly Pair[] = [
  ...on("bg", TEXT, "text", "muted", "accent", "warn", "danger", "good"),
  ...on("surface", TEXT, "text", "muted", "accent", "warn", "danger", "good"),
  ...on("accent", TEXT, "on-accent"),
  ...on("bg", LINE, "line"),
  ...on("track", LINE, "accent", "warn", "danger"),
];

/** WCAG's contrast, from 1 to 21. */
export function contrast(a: Colour, b: Colour): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((one, other) => other - one) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: Colour): number {
  const [red, green, blue] = colour.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** A sentence for each pair that is too close. @param read the colour of a variable, without its prefix */
export function closeColours(read: (name: string) => Colour): string[] {
  return pairs.flatMap(({ fore, back, least }) => {
    const is = contrast(read(fore), read(back));
    if (is >= least) return [];
    // Cut and not rounded: 4.46 is below 4.5 and must not read as it.
    const figure = Math.floor(is * 10) / 10;
    return [
      `Bursar: --bursar-${fore} on --bursar-${back} has a contrast of ${figure}; it needs ${least} to be read by all.`,
    ];
  });
}

/** Looks at the colours in force below this element, now and when the system's scheme changes. */
export function checkTheme(root: HTMLElement): void {
  const look = () => {
    for (const sentence of closeColours(readerOf(root))) console.warn(sentence);
  };
  look();
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", look);
}

/** Through a canvas, because a colour may be written in any of CSS's ways. */
function readerOf(root: HTMLElement): (name: string) => Colour {
  const probe = root.appendChild(document.createElement("span"));
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const found = new Map<string, Colour>();
  for (const { fore, back } of pairs)
    for (const name of [fore, back]) {
      probe.style.color = `var(--bursar-${name})`;
      if (context === null) continue;
      context.fillStyle = getComputedStyle(probe).color;
      context.fillRect(0, 0, 1, 1);
      const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
      found.set(name, [red, green, blue]);
    }
  probe.remove();
  return (name) => found.get(name) ?? [0, 0, 0];
}
