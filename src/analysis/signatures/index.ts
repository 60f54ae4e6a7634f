import { COMPILER_SIGNATURES } from './compilers.ts';
import { CONFIGURATION_SIGNATURES } from './configuration.ts';
import { GENERAL_SIGNATURES } from './general.ts';
import { INFRASTRUCTURE_SIGNATURES } from './infrastructure.ts';
import { INTERPRETER_SIGNATURES } from './interpreters.ts';
import { LINTER_SIGNATURES } from './linters.ts';
import { PACKAGE_SIGNATURES } from './packages.ts';
import type { Signature } from './signature.ts';
import { PYTHON_TESTS } from './tests-python.ts';
import { JAVASCRIPT_TESTS } from './tests-javascript.ts';
import { JVM_TESTS } from './tests-jvm.ts';
import { GO_RUST_TESTS } from './tests-go-rust.ts';
import { SCRIPTING_TESTS } from './tests-scripting.ts';
import { NATIVE_TESTS } from './tests-native.ts';

export type { Role, Signature } from './signature.ts';
export { NOISE } from './noise.ts';

/** Every known way of saying that something broke. A line takes the heaviest that it matches. */
export const SIGNATURES: readonly Signature[] = [
  ...PYTHON_TESTS,
  ...JAVASCRIPT_TESTS,
  ...JVM_TESTS,
  ...GO_RUST_TESTS,
  ...SCRIPTING_TESTS,
  ...NATIVE_TESTS,
  ...COMPILER_SIGNATURES,
  ...INTERPRETER_SIGNATURES,
  ...LINTER_SIGNATURES,
  ...PACKAGE_SIGNATURES,
  ...INFRASTRUCTURE_SIGNATURES,
  ...CONFIGURATION_SIGNATURES,
  ...GENERAL_SIGNATURES,
];
