import { defineConfig } from 'vitest/config';

const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks' as const,
  // Real processes on a busy build server: one that fails there is tried once more, and the report says so.
  retry: process.env['CI'] ? 1 : 0,
};

export default defineConfig({
  test: {
    // Much of a test is waiting for processes and disks.
    maxWorkers: 4,
    reporters: ['default', './build/count-reporter.ts', './build/fault-reporter.ts'],
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['shared/**/*.test.ts', 'electron/**/*.test.ts', 'renderer/**/*.test.ts', 'build/**/*.test.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['e2e/faults/**'],
          globalSetup: 'e2e/support/setup.ts',
        },
      },
      // Run by `npm run test:faults`, as root on Linux.
      { test: { ...common, name: 'faults', include: ['e2e/faults/**/*.test.ts'] } },
    ],
  },
});
