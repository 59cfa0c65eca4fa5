import { z } from 'zod';
import { refusals } from './issues.ts';
import type { Place, Problem, Report } from './problem.ts';
import { fieldName } from './problem.ts';
import { YamlError } from './yaml/error.ts';
import { createPlaces } from './yaml/places.ts';
import type { Places, Position } from './yaml/position.ts';
import { parseYamlWithNulls } from './yaml.ts';

/** A configuration file as it stands on disk. */
export interface ConfigFile {
  /** What errors call it. */
  readonly name: string;
  readonly text: string;
}

/** A configuration file that has been read as YAML. */
export interface Source extends ConfigFile {
  readonly value: unknown;
}

/** Finds the position of a place; undefined where none can be named. */
export type Locate = (place: Place) => Position | undefined;

/** Reads a file as YAML; a text that is none is reported and counts as empty. */
export function readSource(file: ConfigFile, problems: Problem[]): Source {
  try {
    return { ...file, value: parseYamlWithNulls(file.text) };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    problems.push({
      file: file.name,
      ...(error.line === undefined ? {} : { line: error.line }),
      ...(error.column === undefined ? {} : { column: error.column }),
      field: '',
      why: `this is not YAML: ${error.message}`,
      next: 'Correct the syntax; most often it is the indentation or a missing quote.',
    });
    return { ...file, value: undefined };
  }
}

/** Finds positions in files, each of which is read for it once, when it is first asked for. */
export function createLocate(files: readonly ConfigFile[]): Locate {
  const known = new Map<string, Places>();
  return ({ file, path, key }) => {
    const places = known.get(file) ?? createPlaces(textOf(files, file));
    known.set(file, places);
    return places.find(path, key);
  };
}

function textOf(files: readonly ConfigFile[], file: string): string {
  return files.find(({ name }) => name === file)?.text ?? '';
}

/** Collects problems and finds the position of each. */
export function createReport(problems: Problem[], locate: Locate): Report {
  return (place, why, next, details) => {
    problems.push({
      file: place.file,
      ...locate(place),
      field: fieldName(place.path),
      why,
      next,
      ...details,
    });
  };
}

/** What a declaration is applied to, and who hears what it refuses. */
export interface Accepting {
  readonly report: Report;
  /** What stands at the place. */
  readonly value: unknown;
}

/** The value of a declaration applied to a part of a file; what it refuses is reported and yields undefined. */
export function accept<Value>(
  read: () => Value,
  place: Place,
  { report, value }: Accepting,
): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    for (const { path, why, details } of refusals(error, value)) {
      const next = 'Correct this field, or remove it.';
      report({ file: place.file, path: [...place.path, ...path] }, why, next, details);
    }
    return undefined;
  }
}
