import { defineConfig } from 'vitest/config'

// Runs against a real server: WEFT_BIN names the binary. See `server.mjs`.
export default defineConfig({
  test: {
    include: ['sdk/tests/live/*.test.mjs', 'client/tests/live/*.test.mjs'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
})
