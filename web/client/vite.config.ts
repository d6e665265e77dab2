import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const ours = (name: string) => fileURLToPath(new URL(`./src/lib/markdown/${name}.ts`, import.meta.url))

/** KaTeX brings each font in three formats; every browser that runs this client reads the first. */
const woff2Only: Plugin = {
  name: 'woff2-only',
  enforce: 'pre',
  transform: (code, id) =>
    id.includes('katex.min.css')
      ? code.replace(/,url\([^)]+\.(?:woff|ttf)\) format\("\w+"\)/g, '')
      : undefined,
}

// The server embeds `dist`; in development the API is proxied to a running Weft.
export default defineConfig({
  plugins: [woff2Only, react()],
  // Tables that the browser has already.
  resolve: {
    alias: {
      entities: ours('entities'),
      'get-east-asian-width': ours('eastAsianWidth'),
      'punycode.js': ours('punycode'),
    },
  },
  build: {
    target: 'es2022',
    sourcemap: false,
    // The worker's build reads it, and takes it away.
    manifest: true,
    // The page's policy lets fonts come from files only.
    assetsInlineLimit: (file) => (file.endsWith('.woff2') ? false : undefined),
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
})
