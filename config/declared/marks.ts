import { z } from 'zod';
import type { TypeName } from './kubernetes-types.ts';

/** What a declaration is, where the validation library cannot tell. */
export interface Mark {
  /** A bare number or boolean is read as its text. */
  readonly scalars?: true;
  /** Its fields are those of a listed type. */
  readonly type?: TypeName;
  /** It is only passed on. */
  readonly opaque?: true;
}

/** Marks of declarations; one that was described or refined anew keeps its mark. */
export const marks = z.registry<Mark>();

/** A declaration without what is wrapped around it: optional, default, transformed. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodCatch ||
    schema instanceof z.ZodReadonly
  ) {
    return unwrapped(schema.unwrap());
  }
  return schema;
}
