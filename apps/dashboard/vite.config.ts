import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Files under /assets carry the hash of their content in their name, so a server may let browsers keep them for good. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    assetsDir: "assets",
    // A file inlined as data: would need a hole in the content security policy.
    assetsInlineLimit: 0,
    target: "es2023",
    rolldownOptions: {
      // All calls of the client are in the first file, though parts by themselves would fetch some when they are made.
      checks: { ineffectiveDynamicImport: false },
      // What the first screen needs is one file: each more is another request before anything is shown.
      output: { codeSplitting: { groups: [{ name: "first", tags: ["$initial"] }] } },
    },
  },
});
