import type { Area } from "../area.ts";
import { creditsWords as english } from "../en/credits.ts";

export const creditsWords: Area<"credits"> = {
  name: "credits",
  english,
  de: () => import("../de/parts/german-credits.ts"),
};
