import { defineConfig } from "vite";

export default defineConfig({
  // The published bundle still asks for this variable; the page answers for it.
  define: { "process.env.REACT_APP_AMP_SERVER": "window.AMP_SERVER" },
  build: { chunkSizeWarningLimit: 4000 },
});
