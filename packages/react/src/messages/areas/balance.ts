import type { Area } from "../area.ts";
import { balanceWords as english } from "../en/balance.ts";

export const balanceWords: Area<"balance"> = {
  name: "balance",
  english,
  de: () => import("../de/parts/german-frame.ts"),
};
