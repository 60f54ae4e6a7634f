export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/strip-transform.mjs' },
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  setupFiles: ['<rootDir>/tests/fixed-seed.ts'],
  globalSetup: '<rootDir>/tests/global-setup.ts',
  globalTeardown: '<rootDir>/tests/global-teardown.ts',
  reporters: ['default', '<rootDir>/scripts/closing-line-reporter.mjs'],
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.runtime', '<rootDir>/dist'],
  maxWorkers: 2,
  // Ends what hangs. How fast something is, the benches measure: a test on a busy machine says nothing about it.
  testTimeout: 60_000,
};
