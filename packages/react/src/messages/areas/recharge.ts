import type { Area } from "../area.ts";
import { rechargeWords as english } from "../en/recharge.ts";

export const rechargeWords: Area<"recharge"> = {
  name: "recharge",
  english,
  de: () => import("../de/parts/german-credits.ts"),
};
