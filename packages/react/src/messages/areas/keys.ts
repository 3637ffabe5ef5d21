import type { Area } from "../area.ts";
import { keysWords as english } from "../en/keys.ts";

export const keysWords: Area<"keys"> = {
  name: "keys",
  english,
  de: () => import("../de/parts/german-settings.ts"),
};
