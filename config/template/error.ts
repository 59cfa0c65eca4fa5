/** A template that is broken, or that fails on what it is given. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}
