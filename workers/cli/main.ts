#!/usr/bin/env node
import { inspect } from 'node:util';
import { buildProgram } from './program.ts';

/** Errors whose message says what to do; by name, since the bundle of this program has classes of its own. */
const EXPECTED = ['OptionsError', 'ProvisionError', 'ConfigError', 'DatabaseUnavailable'];

try {
  await buildProgram().parseAsync();
} catch (error) {
  // A mistake of the person is a sentence; a mistake of ours needs its stack.
  const expected = error instanceof Error && EXPECTED.includes(error.name);
  const text = expected ? error.message : inspect(error);
  process.stderr.write(`bowsprit: ${text}\n`);
  process.exit(1);
}
