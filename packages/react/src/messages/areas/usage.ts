import type { Area } from "../area.ts";
import { usageWords as english } from "../en/usage.ts";

export const usageWords: Area<"usage"> = {
  name: "usage",
  english,
  de: () => import("../de/parts/german-frame.ts"),
};
