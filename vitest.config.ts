import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';
import { missingToolsReporter } from './test/missing-tools.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['./test/environment.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    maxConcurrency: 3,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    // One second is too short on a busy machine; whoever polls without a limit of its own gets this one.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default', missingToolsReporter()],
  },
});
