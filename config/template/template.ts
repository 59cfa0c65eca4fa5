import { TemplateError } from './error.ts';
import { run } from './run.ts';
import { parseTree } from './tree.ts';

/**
 * Renders a template in Go's `text/template` language. A field that is not there is empty.
 * @throws TemplateError
 */
export function renderTemplate(template: string, value: unknown): string {
  return run(parseTree(template), value);
}

/** Why a template cannot be rendered; undefined if it can. */
export function templateProblem(template: string): string | undefined {
  try {
    parseTree(template);
    return undefined;
  } catch (error) {
    if (error instanceof TemplateError) return error.message;
    throw error;
  }
}
