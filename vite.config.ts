import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Whoever builds it, a test run too: otherwise React comes as it is for development, slow and large.
process.env['NODE_ENV'] = 'production';

/** The page, for both doors: static files under one content security policy, nothing inlined. */
export default defineConfig({
  root: 'renderer',
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../out/page',
    emptyOutDir: true,
    target: 'chrome140',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // It comes from this machine, not over a network: one file is right.
    chunkSizeWarningLimit: 1000,
  },
});
