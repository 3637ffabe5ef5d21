import type { Area } from "../area.ts";
import { withdrawalWords as english } from "../en/withdrawal.ts";

export const withdrawalWords: Area<"withdrawal"> = {
  name: "withdrawal",
  english,
  de: () => import("../de/parts/german-changes.ts"),
};
