import { NO_PRESUBMITS, TRIGGER_HEADINGS, TRIGGER_NOTES } from './comment-family.ts';
import type { RequestedJobs } from './facts.ts';
import { fullName, type RepositoryName } from './repository.ts';
import type { TestRequest } from './test-request.ts';

/** The note that a help comment begins with, undefined if the comment needs no help (W§1.1, step 8). */
export function helpNote(request: TestRequest, jobs: number): string | undefined {
  if (request.asksForHelp) return '';
  if (request.testWithoutTarget) return TRIGGER_NOTES.testWithoutTarget;
  if (request.retestWithTarget) return TRIGGER_NOTES.retestWithTarget;
  if (jobs > 0) return undefined;
  if (request.testAll) return TRIGGER_NOTES.noTestAllJobs;
  return request.testWithTarget ? TRIGGER_NOTES.targetNotFound : undefined;
}

/** Trigger's help: the note, the commands of required and of optional jobs, and what `/test all` does. */
export function triggerHelp(
  note: string,
  offered: RequestedJobs,
  place: { readonly repository: RepositoryName; readonly branch: string },
): string {
  const { requiredCommands, optionalCommands, testAllNames } = offered;
  if (requiredCommands.length + optionalCommands.length + testAllNames.length === 0) {
    return `${NO_PRESUBMITS}${fullName(place.repository)}@${place.branch}`;
  }
  return [
    note,
    listed(TRIGGER_HEADINGS.required, requiredCommands),
    listed(TRIGGER_HEADINGS.optional, optionalCommands),
    offered.testAllRunsAll
      ? 'Use `/test all` to run all jobs.\n'
      : listed(
          'Use `/test all` to run the following jobs that were automatically triggered:',
          testAllNames,
        ),
  ].join('');
}

/** Each name in a fence of its own, so that GitHub offers to copy it. */
function listed(heading: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const fences = [...names].sort().map((name) => `\n\`\`\`\n${name}\n\`\`\``);
  return `${heading}${fences.join('')}\n\n`;
}
