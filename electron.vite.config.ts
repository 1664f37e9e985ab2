import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Main and preload run on the Node of Electron 33 and newer (20.18), which lacks `using`: it is lowered. */
const target = 'node20';

export default defineConfig({
  main: {
    build: {
      target,
      rollupOptions: {
        input: {
          index: resolve('src/main/index.ts'),
          cli: resolve('src/main/cli.ts'),
          library: resolve('src/main/library.ts'),
          'embedded-child': resolve('src/main/object-store/embedded-child.ts'),
          'experiment-child': resolve('src/main/experiment/experiment-child.ts'),
          'experiment-server': resolve('src/main/cli/experiment-server.ts'),
          'describe-child': resolve('src/main/profiling/describe-child.ts'),
          'checksum-worker': resolve('src/main/checksum/checksum-worker.ts'),
        },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      target,
      rollupOptions: {
        input: { index: resolve('src/preload/index.ts') },
        // A sandboxed preload script is CommonJS (Electron's rule).
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve('src/renderer'),
    base: './',
    build: {
      minify: true,
      // What belongs to what, for .size-limit.cjs.
      manifest: true,
      // The console's policy allows no font from a data: URL.
      assetsInlineLimit: 0,
      rollupOptions: { input: resolve('src/renderer/index.html') },
    },
    // Profiles are read in a worker, which loads as the page's own scripts do.
    worker: { format: 'es' },
    plugins: [react()],
  },
});
