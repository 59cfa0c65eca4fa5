import { defineConfig } from 'vitest/config';
import { missingToolsReporter } from './test/missing-tools.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./test/environment.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Whole-system tests share two cores in CI: one more try tells a loaded machine from a fault, and is reported.
    retry: process.env['CI'] ? 1 : 0,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    reporters: ['default', missingToolsReporter()],
  },
});
