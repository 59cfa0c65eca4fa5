/** One line of the `errors` of a 422. */
export interface FieldError {
  readonly resource?: string;
  readonly field?: string;
  readonly code?: string;
  readonly message?: string;
}

/** An answer that is not a success, in GitHub's words. */
export class GitHubError extends Error {
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;

  constructor(status: number, message: string, errors?: readonly FieldError[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** The repository of the request has another name now, or its issue went to another one. */
export class Moved extends Error {
  readonly repository: number;
  /** The issue's former number and the present one. */
  readonly issue: { readonly from: string; readonly to: number } | undefined;

  constructor(repository: number, issue?: Moved['issue']) {
    super('Moved Permanently');
    this.repository = repository;
    this.issue = issue;
  }
}

/** Stops a request with one of GitHub's refusals. */
export function refuse(status: number, message: string, errors?: readonly FieldError[]): never {
  throw new GitHubError(status, message, errors);
}

/** The 404 that GitHub gives for everything one may not see. */
export function notFound(): never {
  return refuse(404, 'Not Found');
}

/** The 422 for a body that GitHub does not accept. */
export function invalid(error: FieldError): never {
  return refuse(422, 'Validation Failed', [error]);
}

/** The body of an error answer. */
export function errorBody(error: GitHubError): Record<string, unknown> {
  return {
    message: error.message,
    ...(error.errors ? { errors: error.errors } : {}),
    documentation_url: 'https://docs.github.com/rest',
    status: String(error.status),
  };
}
