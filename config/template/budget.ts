import { TemplateError } from './error.ts';

/** What rendering may still take, in steps of about a microsecond: templates may be a stranger's. */
export interface Budget {
  left: number;
}

const STEPS = 100_000;
/** Characters that are made in a step. */
export const STEP_SIZE = 64;
const LONGEST_TEXT = 64 * 1024;
const MOST_VALUES = 50;

/** For one rendering. */
export function newBudget(): Budget {
  return { left: STEPS };
}

/**
 * Takes steps from it.
 * @throws TemplateError if it has none left
 */
export function spend(budget: Budget, steps = 1): void {
  budget.left -= steps;
  if (budget.left < 0) throw new TemplateError('{{…}}: it takes too long');
}

/**
 * Hands on what a function made of some values, and takes what that cost.
 * @throws TemplateError if it is too much
 */
export function paid<Value>(budget: Budget, values: number, make: () => Value): Value {
  if (values > MOST_VALUES) throw new TemplateError(`{{…}}: more than ${MOST_VALUES} values`);
  const made = make();
  const length = typeof made === 'string' ? made.length : 0;
  if (length > LONGEST_TEXT) {
    throw new TemplateError(`{{…}}: a text of more than ${LONGEST_TEXT} characters`);
  }
  spend(budget, 1 + length / STEP_SIZE);
  return made;
}
