import type { Area } from "../area.ts";
import { pickerWords as english } from "../en/picker.ts";

export const pickerWords: Area<"picker"> = {
  name: "picker",
  english,
  de: () => import("../de/parts/german-changes.ts"),
};
