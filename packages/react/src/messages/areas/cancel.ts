import type { Area } from "../area.ts";
import { cancelWords as english } from "../en/cancel.ts";

export const cancelWords: Area<"cancel"> = {
  name: "cancel",
  english,
  de: () => import("../de/parts/german-changes.ts"),
};
