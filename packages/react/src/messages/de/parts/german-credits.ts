/** The screens of credits. */
export { creditsWords as credits } from "../credits.ts";
export { rechargeWords as recharge } from "../recharge.ts";
