import { z } from 'zod';
import { tidyType } from './kubernetes-tidy.ts';
import { marks, unwrapped } from './marks.ts';
import type { Tidy } from './tidy-parts.ts';
import { isRecord, scalarText, tidyFields, tidyList, tidyMap } from './tidy-parts.ts';

type Schema = z.core.$ZodType;

const KNOWN = new WeakMap<Schema, Tidy>();
const AS_IS: Tidy = (value) => value;

/**
 * How values of a declaration are put in order before it reads them, as Go does: a key counts whatever its case,
 * nothing behind a field is as if the field were not written, and behind a key of a mapping or in a list it is the
 * empty value.
 */
export function tidyFor(schema: Schema): Tidy {
  const known = KNOWN.get(schema);
  if (known !== undefined) return known;
  const fresh = make(unwrapped(schema));
  KNOWN.set(schema, fresh);
  return fresh;
}

function make(schema: Schema): Tidy {
  const mark = marks.get(schema);
  if (mark?.type !== undefined) return tidyType(mark.type, mark.scalars === true);
  if (mark?.opaque === true) return withoutNothing;
  if (mark?.scalars === true) return scalarText;
  if (schema instanceof z.ZodObject) return tidyObject(schema.shape);
  if (schema instanceof z.ZodArray) return tidyItems(schema.element);
  if (schema instanceof z.ZodRecord) return tidyEntries(schema.valueType);
  return schema instanceof z.ZodUnion ? tidyUnion(schema) : AS_IS;
}

function tidyObject(shape: z.core.$ZodLooseShape): Tidy {
  const entries = Object.entries(shape);
  return tidyFields(new Map(entries.map(([name, field]) => [name, tidyFor(field)])));
}

function tidyItems(element: Schema): Tidy {
  return tidyList(tidyFor(element), () => zeroOf(element));
}

function tidyEntries(valueType: Schema): Tidy {
  return tidyMap(tidyFor(valueType), () => zeroOf(valueType));
}

// The form that a value has by its kind decides.
function tidyUnion({ options }: z.ZodUnion): Tidy {
  const forms = options.map((option) => ({
    form: unwrapped(option),
    tidy: tidyFor(option),
  }));
  return (value) => {
    const form = forms.find((one) => sameKind(one.form, value));
    return form === undefined ? value : form.tidy(value);
  };
}

function sameKind(schema: Schema, value: unknown): boolean {
  if (Array.isArray(value)) return schema instanceof z.ZodArray;
  if (isRecord(value)) return schema instanceof z.ZodObject || schema instanceof z.ZodRecord;
  return false;
}

function zeroOf(schema: Schema): unknown {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodString) return '';
  if (inner instanceof z.ZodBoolean) return false;
  if (inner instanceof z.ZodNumber) return 0;
  if (inner instanceof z.ZodArray) return [];
  return inner instanceof z.ZodObject || inner instanceof z.ZodRecord ? {} : undefined;
}

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return LIST(value);
  return isRecord(value) ? MAP(value) : value;
}

const LIST = tidyList(withoutNothing, () => null);
const MAP = tidyMap(withoutNothing, () => undefined);
