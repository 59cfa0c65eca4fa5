#!/usr/bin/env node
import { inspect } from 'node:util';
import { DatabaseUnavailable } from '../../activities/database/errors.ts';
import { ConfigError } from '../../config/problem.ts';
import { OptionsError } from '../options.ts';
import { ProvisionError } from '../provision/provision-error.ts';
import { buildProgram } from './program.ts';

/** Errors whose message says what to do. */
const EXPECTED = [OptionsError, ProvisionError, ConfigError, DatabaseUnavailable];

try {
  await buildProgram().parseAsync();
} catch (error) {
  // A mistake of the person is a sentence; a mistake of ours needs its stack.
  const expected = EXPECTED.some((kind) => error instanceof kind);
  const text = expected && error instanceof Error ? error.message : inspect(error);
  process.stderr.write(`bowsprit: ${text}\n`);
  process.exit(1);
}
