import { quantityProblem } from '../quantity.ts';
import type { TypeField, TypeName } from './kubernetes-types.ts';
import { fieldsOf } from './kubernetes-types.ts';
import { isRecord } from './tidy-parts.ts';

/** What a value of a listed type holds that is not of its field's type. */
export interface TypeProblem {
  readonly path: readonly PropertyKey[];
  readonly why: string;
}

interface Checking {
  /** Where it is looked now; thousands of pods are checked, so it is one list for all of it. */
  readonly path: PropertyKey[];
  readonly problems: TypeProblem[];
}

const SECTION = 'this must be a mapping';

/** What is not of its field's type, at any depth. */
export function typeProblems(type: TypeName, value: unknown): readonly TypeProblem[] {
  const checking: Checking = { path: [], problems: [] };
  checkType(type, value, checking);
  return checking.problems;
}

function checkType(type: TypeName, value: unknown, checking: Checking): void {
  const { byName } = fieldsOf(type);
  if (isRecord(value)) {
    for (const key in value) {
      const field = byName.get(key);
      if (field !== undefined) inside(key, checking, () => checkField(field, value[key], checking));
    }
  } else complain(checking, SECTION);
}

function checkField(field: TypeField, value: unknown, checking: Checking): void {
  if (field.many === '') checkOne(field, value, checking);
  else if (field.many === '[]') checkList(field, value, checking);
  else checkMap(field, value, checking);
}

function checkList(field: TypeField, value: unknown, checking: Checking): void {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      inside(index, checking, () => checkOne(field, value[index], checking));
    }
  } else complain(checking, 'this must be a list');
}

function checkMap(field: TypeField, value: unknown, checking: Checking): void {
  if (isRecord(value)) {
    for (const key in value) inside(key, checking, () => checkOne(field, value[key], checking));
  } else complain(checking, SECTION);
}

function checkOne({ kind, type }: TypeField, value: unknown, checking: Checking): void {
  if (type === undefined) {
    const why = leafProblem(kind, value);
    if (why !== undefined) complain(checking, why);
  } else checkType(type, value, checking);
}

function inside(key: PropertyKey, { path }: Checking, check: () => void): void {
  path.push(key);
  check();
  path.pop();
}

function leafProblem(kind: string, value: unknown): string | undefined {
  switch (kind) {
    case 'b':
      return typeof value === 'boolean' ? undefined : 'this must be true or false';
    case 'i':
      return Number.isInteger(value) ? undefined : 'this must be a whole number';
    case 'x':
      if (typeof value === 'string' || Number.isInteger(value)) return undefined;
      return 'this must be a whole number or text';
    case 'q':
      return quantityProblem(value);
    default:
      return typeof value === 'string' ? undefined : 'this must be text; quote it';
  }
}

function complain({ path, problems }: Checking, why: string): void {
  problems.push({ path: [...path], why });
}
