import type { Area } from "../area.ts";
import { backWords as english } from "../en/back.ts";

export const backWords: Area<"back"> = {
  name: "back",
  english,
  de: () => import("../de/parts/german-back.ts"),
};
