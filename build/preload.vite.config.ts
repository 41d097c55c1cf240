import { defineConfig } from 'vite';

/**
 * The desktop's preload script as one CommonJS file: in Chromium's sandbox there are neither ES modules nor files to
 * require. Beside the compiled main.js, which it must not empty.
 * @see https://www.electronjs.org/docs/latest/tutorial/esm#sandboxed-preload-scripts-cant-use-esm-imports
 */
export default defineConfig({
  publicDir: false,
  build: {
    outDir: 'out/electron/desktop',
    emptyOutDir: false,
    target: 'chrome140',
    minify: false,
    lib: { entry: 'electron/desktop/preload.ts', formats: ['cjs'], fileName: () => 'preload.cjs' },
    rolldownOptions: { external: ['electron'] },
  },
});
