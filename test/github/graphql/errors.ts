import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** GitHub's word for a kind of error; it stands beside the message, not in `extensions`. */
export type ErrorType =
  | 'NOT_FOUND'
  | 'RATE_LIMITED'
  | 'MISSING_PAGINATION_BOUNDARIES'
  | 'EXCESSIVE_PAGINATION'
  | 'MAX_NODE_LIMIT_EXCEEDED'
  | 'FORBIDDEN'
  | 'UNPROCESSABLE'
  | 'NOT_SERVED';

/** An error of a kind that clients look at. */
export function typedError(type: ErrorType, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

/** What cannot be found, or may not be seen. */
export function unresolved(what: string): never {
  throw typedError('NOT_FOUND', `Could not resolve to a ${what}.`);
}

const UNKNOWN_FIELD = /^Cannot query field "(\w+)" on type "(\w+)"/;

/** An error as GitHub words it. */
export function formatError(error: GraphQLError): GraphQLFormattedError | object {
  const { message, locations, path } = error;
  const [, fieldName, typeName] = UNKNOWN_FIELD.exec(message) ?? [];
  if (fieldName !== undefined) {
    return {
      path: ['query', fieldName],
      extensions: { code: 'undefinedField', typeName, fieldName },
      locations,
      message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
    };
  }
  const type = error.extensions['type'];
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(path ? { path } : {}),
    ...(locations ? { locations } : {}),
    message,
  };
}
