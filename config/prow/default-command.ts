/** What a comment must match to ask for a presubmit that names no trigger (J§4.3). */
export function defaultTrigger(name: string): string {
  return `(?m)^/test( | .* )${name},?($|\\s.*)`;
}

/** The trigger and the command of a presubmit that names neither. */
export function defaultCommand(name: string) {
  return { trigger: defaultTrigger(name), rerun_command: `/test ${name}` };
}
