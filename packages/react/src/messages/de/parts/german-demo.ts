/** The bar of the demo. */
export { demoWords as demo } from "../demo.ts";
