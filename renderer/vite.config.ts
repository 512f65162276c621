import { defineConfig } from 'vite';

/** The window, as files that any of the doors can hand out: nothing inline, nothing remote. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    // Electron and the browsers of the last two years; `light-dark()` and logical properties stay as they are written.
    target: 'chrome130',
    cssTarget: 'chrome130',
    cssCodeSplit: false,
    // Inlined files would be `data:` addresses, which the page's policy refuses for everything but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rolldownOptions: {
      // Packages mark what runs in a browser with 'use client'; all of this does.
      onwarn: (warning, report) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') report(warning);
      },
    },
  },
});
