import type { Details, Place } from '../problem.ts';
import type { WarningName } from './warnings.ts';

/** Something that `checkconfig` warns of: it loads, and is hardly meant. */
export interface Finding extends Details {
  /** `rerun-command` is looked for always and has no name among Prow's warnings. */
  readonly warning: WarningName | 'rerun-command';
  readonly place: Place;
  readonly why: string;
  /** What to do about it; a sentence. */
  readonly next: string;
}
