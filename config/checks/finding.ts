import type { Details, Place } from '../problem.ts';
import type { WarningName } from './warnings.ts';

/** Something that `checkconfig` warns of: it loads, and is hardly meant. */
export interface Finding extends Details {
  /** `rerun-command` and `unknown-preset` are looked for always and have no names among Prow's warnings. */
  readonly warning: WarningName | 'rerun-command' | 'unknown-preset';
  readonly place: Place;
  readonly why: string;
  /** What to do about it; a sentence. */
  readonly next: string;
}
