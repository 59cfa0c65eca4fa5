import { approve } from './approve.ts';
import { hold } from './hold.ts';
import { lgtm } from './lgtm.ts';
import type { Plugin } from './plugin.ts';
import { size } from './size.ts';
import { trigger } from './trigger.ts';

export { type PluginHelpDocument, pluginHelp } from './help-document.ts';

/**
 * All plugins, in the order in which their effects are applied: what keeps from merging comes before what
 * allows it, and tests start before anything is written to the conversation.
 */
export const plugins: readonly Plugin[] = [hold, trigger, lgtm, approve, size];
