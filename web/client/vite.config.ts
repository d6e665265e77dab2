import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// The server embeds `dist`; in development the API is proxied to a running Weft.
export default defineConfig({
  plugins: [react()],
  resolve: { alias: { entities: fileURLToPath(new URL('./src/lib/markdown/entities.ts', import.meta.url)) } },
  build: { target: 'es2022', sourcemap: false },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:8080', ws: true } } },
})
