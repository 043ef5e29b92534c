import { readFileSync, readdirSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

/** pdf.js decodes JPEG 2000 in plain JavaScript: the service's policy does not allow WebAssembly. */
const JPEG2000 = 'node_modules/pdfjs-dist/wasm/openjpeg_nowasm_fallback.js';

/** Files that pdf.js asks for by name, in a folder named after its version so that they may be cached for ever. */
function pdfFiles(): Plugin {
  const { version } = JSON.parse(readFileSync('node_modules/pdfjs-dist/package.json', 'utf8'));
  return {
    name: 'pdf-files',
    config: () => ({ define: { PDF_FILES: JSON.stringify(`/assets/pdf-${version}/`) } }),
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: `assets/pdf-${version}/openjpeg_nowasm_fallback.js`,
        source: readFileSync(JPEG2000),
      });
    },
  };
}

/** The licences of what is inside the built files. */
function licences(packages: string[]): Plugin {
  return {
    name: 'licences',
    generateBundle() {
      const texts = packages.flatMap((name) => {
        const folder = `node_modules/${name}`;
        const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
        const files = readdirSync(folder).filter((file) => /^licen[cs]e/i.test(file));
        const bodies = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim());
        return [`${name} ${version} (${license})`, ...bodies];
      });
      texts.push('openjpeg (BSD-2-Clause)', readFileSync('node_modules/pdfjs-dist/wasm/LICENSE_OPENJPEG', 'utf8').trim());
      this.emitFile({ type: 'asset', fileName: 'assets/licences.txt', source: `${texts.join('\n\n')}\n` });
    },
  };
}

/** Where `npm run dev` finds a running service. */
const service = process.env.PARSEFLOW_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), pdfFiles(), licences(['svelte', 'esm-env', 'clsx', 'pdfjs-dist'])],
  build: {
    target: 'es2022',
    // What `light-dark()` and `:has()` need.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: true,
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/metrics', '/schemas', '/healthz', '/readyz', '/openapi.json', '/docs'].map((path) => [path, service]),
    ),
  },
});
