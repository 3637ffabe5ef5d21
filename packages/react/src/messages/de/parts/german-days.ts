/** Usage by day. */
export { daysWords as days } from "../days.ts";
