/**
 * Replaces `$(NAME)` by a variable's value, as Kubernetes does in commands and arguments: an unknown name
 * stays as it is, and `$$(NAME)` is the text `$(NAME)`.
 */
export function expandVariables(
  text: string,
  environment: Readonly<Record<string, string>>,
): string {
  return text.replace(/\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)/g, (found, name?: string) => {
    if (name === undefined) return '$';
    return Object.hasOwn(environment, name) ? (environment[name] ?? '') : found;
  });
}
