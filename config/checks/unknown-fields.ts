import { z } from 'zod';
import { marks, unwrapped } from '../declared/marks.ts';
import { nearest } from '../nearest.ts';
import { own } from '../own.ts';
import type { Place } from '../problem.ts';
import type { Source } from '../source.ts';
import {
  configDeclaration,
  inRepoDeclaration,
  jobsDeclaration,
  pluginsDeclaration,
} from './declarations.ts';
import type { Finding } from './finding.ts';
import type { UnknownKey } from './kubernetes-unknown.ts';
import { unknownInKubernetes } from './kubernetes-unknown.ts';
import { configSources, pluginSources } from './places.ts';
import type { CheckSubject } from './subject.ts';

/** `unknown-fields`: keys of config.yaml and plugins.yaml that nothing reads. */
export function unknownFields(subject: CheckSubject): readonly Finding[] {
  return [
    ...configSources(subject).flatMap((file) => inFile(file, configDeclaration, 'unknown-fields')),
    ...pluginSources(subject).flatMap((file) => inFile(file, pluginsDeclaration, 'unknown-fields')),
  ];
}

/** `unknown-fields-all`: the same, and in job files. */
export function unknownFieldsAll(subject: CheckSubject): readonly Finding[] {
  const all = unknownFields(subject).map((finding) => ({
    ...finding,
    warning: 'unknown-fields-all' as const,
  }));
  const ofJobs = subject.sources.jobs.flatMap((file) =>
    inFile(file, jobsDeclaration, 'unknown-fields-all'),
  );
  return [...all, ...ofJobs];
}

/** The same in a repository's own files, where Prow takes it for an error. */
export function unknownFieldsInRepo(sources: readonly Source[]): readonly Finding[] {
  return sources.flatMap((file) => inFile(file, inRepoDeclaration, 'unknown-fields-all'));
}

/** The keys of a value that its declaration does not have; what a declaration only passes on is not looked into. */
export function unknownKeys(
  schema: z.core.$ZodType,
  value: unknown,
  path: readonly PropertyKey[] = [],
): readonly UnknownKey[] {
  const inner = unwrapped(schema);
  const type = marks.get(inner)?.type;
  if (type !== undefined) return unknownInKubernetes(type, value, path);
  if (inner instanceof z.ZodObject) return inObject(inner, value, path);
  if (inner instanceof z.ZodUnion) return inUnion(inner, value, path);
  if (inner instanceof z.ZodArray && Array.isArray(value)) {
    return value.flatMap((item, index) => unknownKeys(inner.element, item, [...path, index]));
  }
  if (inner instanceof z.ZodRecord && isRecord(value)) {
    return Object.entries(value).flatMap(([key, item]) =>
      unknownKeys(inner.valueType, item, [...path, key]),
    );
  }
  return [];
}

function inFile(
  source: Source,
  schema: z.core.$ZodType,
  warning: 'unknown-fields' | 'unknown-fields-all',
): readonly Finding[] {
  return unknownKeys(schema, source.value).map(({ path, known }) => {
    const place: Place = { file: source.name, path, key: true };
    const key = String(path.at(-1) ?? '');
    const near = nearest(key, known);
    const details = { allowed: known.join(', '), ...(near === undefined ? {} : { nearest: near }) };
    const why = `nothing reads the key ${key}`;
    return { warning, place, why, next: 'Correct the key, or remove it.', ...details };
  });
}

function inObject(
  schema: z.ZodObject,
  value: unknown,
  path: readonly PropertyKey[],
): readonly UnknownKey[] {
  if (!isRecord(value)) return [];
  const known = Object.keys(schema.shape);
  const open = schema.def.catchall !== undefined && !(schema.def.catchall instanceof z.ZodNever);
  // Go takes a key for a field whatever its case.
  const byLowerCase = new Map(known.map((name) => [name.toLowerCase(), name]));
  return Object.entries(value).flatMap(([key, item]) => {
    const name = Object.hasOwn(schema.shape, key) ? key : byLowerCase.get(key.toLowerCase());
    const field = name === undefined ? undefined : own(schema.shape, name);
    if (field !== undefined) return unknownKeys(field, item, [...path, key]);
    return open ? [] : [{ path: [...path, key], known }];
  });
}

/** Of several forms, the one that the value fits best. */
function inUnion(
  schema: z.ZodUnion,
  value: unknown,
  path: readonly PropertyKey[],
): readonly UnknownKey[] {
  const forms = schema.options.filter((option) => sameKind(unwrapped(option), value));
  const found = forms.map((form) => unknownKeys(form, value, path));
  return found.sort((one, other) => one.length - other.length)[0] ?? [];
}

function sameKind(schema: z.core.$ZodType, value: unknown): boolean {
  if (Array.isArray(value)) return schema instanceof z.ZodArray;
  if (isRecord(value)) return schema instanceof z.ZodObject || schema instanceof z.ZodRecord;
  return false;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
