import { z } from 'zod';
import type { Place, Problem, Report } from './problem.ts';
import { fieldName } from './problem.ts';
import type { LineFinder } from './yaml.ts';
import { createLineFinder, parseYaml, YamlError } from './yaml.ts';

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

/** Reads a file as YAML; a text that is none is reported and counts as empty. */
export function readSource(file: ConfigFile, problems: Problem[]): Source {
  try {
    return { ...file, value: parseYaml(file.text) };
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    problems.push({
      file: file.name,
      ...(error.line === undefined ? {} : { line: error.line }),
      field: '',
      why: `this is not YAML: ${error.message}`,
      next: 'Correct the syntax; most often it is the indentation or a missing quote.',
    });
    return { ...file, value: undefined };
  }
}

/** Collects problems and finds the line of each. */
export function createReport(problems: Problem[], files: readonly ConfigFile[]): Report {
  const finders = new Map<string, LineFinder>();
  return ({ file, path }, why, next) => {
    const text = files.find(({ name }) => name === file)?.text ?? '';
    const find = finders.get(file) ?? createLineFinder(text);
    finders.set(file, find);
    const line = find(path);
    problems.push({
      file,
      ...(line === undefined ? {} : { line }),
      field: fieldName(path),
      why,
      next,
    });
  };
}

/** The value of a declaration applied to a part of a file; what it refuses is reported and yields undefined. */
export function accept<Value>(read: () => Value, place: Place, report: Report): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    for (const issue of error.issues) {
      const path = [...place.path, ...issue.path];
      report({ file: place.file, path }, issue.message, 'Correct this field, or remove it.');
    }
    return undefined;
  }
}
