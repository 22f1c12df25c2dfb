/**
 * Builds the console into `console/dist`: one page, one script, one stylesheet and an icon, all same-origin files, so
 * that `Content-Security-Policy: default-src 'self'` holds (nothing inlined, no `data:` URL, no polyfill script).
 */

import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const root = decodeURIComponent(new URL('.', import.meta.url).pathname);

export default defineConfig({
  root,
  base: './',
  plugins: [preact({ prefreshEnabled: false, devToolsEnabled: false })],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
