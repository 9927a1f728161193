import { gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

/** The service that the development server (`npx vite`, in this folder) passes the console's requests to. */
const SERVICE = process.env.SERVICE ?? 'http://localhost:8000';

/** ADR 42. */
const MOST_JAVASCRIPT_KB = 180;

/** Fails a build whose JavaScript is too large, and says how large it is. */
const sizeLimit = {
  name: 'size-limit',
  generateBundle(_options, bundle) {
    const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
    const bytes = chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0);
    const kB = (bytes / 1000).toFixed(1);
    if (bytes > MOST_JAVASCRIPT_KB * 1000) {
      this.error(`The console has ${kB} kB of JavaScript (gzip); at most ${MOST_JAVASCRIPT_KB} kB are allowed.`);
    }
    console.log(`console: ${kB} of ${MOST_JAVASCRIPT_KB} kB of JavaScript (gzip)`);
  },
};

/** The fonts come with the first request, so that no text changes its shape. */
const preloadFonts = {
  name: 'preload-fonts',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: (_html, { bundle = {} }) =>
      Object.keys(bundle)
        .filter((file) => file.endsWith('.woff2'))
        .map((file) => ({
          tag: 'link',
          attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `./${file}` },
          injectTo: 'head',
        })),
  },
};

export default defineConfig(({ command }) => ({
  // The built page works below any path, which `<base>` in index.html names.
  base: command === 'serve' ? '/console/' : './',
  // Sources of sibling libraries instead of their build output.
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  plugins: [sizeLimit, preloadFonts],
  build: {
    target: ['chrome123', 'firefox128', 'safari17.5'],
    modulePreload: { polyfill: false },
    // The page's Content-Security-Policy allows no fonts in `data:` URLs.
    assetsInlineLimit: 0,
    // The limit above is about what travels.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      onLog(level, log, handle) {
        // "use client" is for servers that render React; times are those of a busy machine.
        if (!['MODULE_LEVEL_DIRECTIVE', 'PLUGIN_TIMINGS'].includes(log.code)) handle(level, log);
      },
    },
  },
  server: {
    proxy: {
      // The host stays that of the page: the service compares it with the origin of every write.
      '/console/api': SERVICE,
    },
  },
}));
