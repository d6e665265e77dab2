import { defineConfig } from 'vitest/config'

// Property tests take seconds where the machine is busy; how long is no assertion.
export default defineConfig({
  test: { include: ['*/tests/**/*.test.{ts,tsx}', '*/src/**/*.test.{ts,tsx}'], testTimeout: 60_000 },
})
