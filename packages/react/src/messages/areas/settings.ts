import type { Area } from "../area.ts";
import { settingsWords as english } from "../en/settings.ts";

export const settingsWords: Area<"settings"> = {
  name: "settings",
  english,
  de: () => import("../de/parts/german-frame.ts"),
};
