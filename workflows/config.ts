import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { rememberedConfigs } from './config-proxies.ts';
import {
  type ConfigOffice,
  checkWaiting,
  decideVerdict,
  takeComplaint,
  takeOffer,
} from './config-steps.ts';
import { keepTelling, publish } from './config-telling.ts';
import { type ConfigInput, SIGNALS, STATE_QUERY, UPDATES } from './contract.ts';
import { meantHash } from './domain/config-judgement.ts';
import type {
  ConfigComplaint,
  ConfigFarewell,
  ConfigOffer,
  ConfigVerdict,
  ConfigVerdictResult,
} from './domain/config-offer.ts';
import { type ConfigState, emptyConfig, withoutWorkers } from './domain/config-state.ts';

const CONTINUE_AT_EVENTS = 1_000;
/** Without anything to do, what the database did not take is offered to it this often. */
const SLOW_LOOK_MS = 600_000;
const UNPUBLISHED_MS = 15_000;
const HELD_LOOK_MS = 60_000;
const SHORTEST_LOOK_MS = 1_000;
const LONGEST_LOOK_MS = 30_000;

/**
 * Which configuration is active, by number and hash (DESIGN §3, docs/decisions/0009). Workers offer what they
 * loaded; offers are taken one after the other. Its id `config` makes it the only one who activates.
 */
export async function config(input: ConfigInput): Promise<void> {
  const office = openOffice(input);
  if (input.carried === undefined) office.state = emptyConfig(await rememberedConfigs());
  office.open = true;
  for (;;) {
    keepTelling(office);
    const isWoken = await condition(() => office.inbox.length > 0, patience(office));
    for (let step = office.inbox.shift(); step !== undefined; step = office.inbox.shift()) {
      await step();
      keepTelling(office);
    }
    if (!isWoken) await checkWaiting(office);
    await publish(office);
    if (shouldContinue(office)) await continueAsNew<typeof config>({ carried: office.state });
  }
}

function openOffice({ carried }: ConfigInput): ConfigOffice {
  const office: ConfigOffice = {
    state: carried ?? emptyConfig(),
    open: false,
    inbox: [],
    published: '',
    telling: false,
  };
  setHandler(defineSignal<[ConfigOffer]>(SIGNALS.configOffered), (offer) => {
    office.inbox.push(() => takeOffer(office, offer));
  });
  setHandler(defineSignal<[ConfigComplaint]>(SIGNALS.configRefused), (complaint) => {
    office.inbox.push(async () => takeComplaint(office, complaint));
  });
  setHandler(defineSignal<[ConfigFarewell]>(SIGNALS.configLeft), ({ worker }) => {
    office.inbox.push(async () => {
      office.state = withoutWorkers(office.state, (name) => name === worker);
      await checkWaiting(office);
    });
  });
  handleVerdict(office, 'confirm');
  handleVerdict(office, 'reject');
  setHandler(defineQuery<ConfigState>(STATE_QUERY), () => office.state);
  return office;
}

/** A person's word is checked before it is taken, and answered when it has been carried out. */
function handleVerdict(office: ConfigOffice, what: 'confirm' | 'reject'): void {
  const name = what === 'confirm' ? UPDATES.confirmConfig : UPDATES.rejectConfig;
  const handler = async (verdict: ConfigVerdict): Promise<ConfigVerdictResult> => {
    await condition(() => office.open);
    let result: ConfigVerdictResult | undefined;
    office.inbox.push(async () => {
      result = await decideVerdict(office, what, verdict);
    });
    await condition(() => result !== undefined);
    return result ?? { hash: verdict.hash, text: '' };
  };
  const validator = (verdict: ConfigVerdict): void => {
    const meant = meantHash(office.state, verdict.hash, what);
    if (office.open && 'problem' in meant) throw new Error(meant.problem);
  };
  setHandler(defineUpdate<ConfigVerdictResult, [ConfigVerdict]>(name), handler, { validator });
}

function patience({ state, published }: ConfigOffice): number {
  const unpublished = published === '' || state.unrecorded.length > 0;
  const held = state.held === undefined ? SLOW_LOOK_MS : HELD_LOOK_MS;
  const waiting = state.waiting.map(({ offer }) =>
    Math.min(Math.max(offer.rollbackAfterMs, SHORTEST_LOOK_MS), LONGEST_LOOK_MS),
  );
  return Math.min(unpublished ? UNPUBLISHED_MS : SLOW_LOOK_MS, held, ...waiting);
}

function shouldContinue({ inbox }: ConfigOffice): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  const isLong = continueAsNewSuggested || historyLength > CONTINUE_AT_EVENTS;
  return isLong && inbox.length === 0 && allHandlersFinished();
}
