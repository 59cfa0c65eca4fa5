import type { ComponentChildren } from 'preact';
import type { Requirement } from '../../workflows/domain/pool.ts';

/** Addresses outside of our own pages. */
export interface OutsideLinks {
  /** Our namespace in Temporal's web UI, without a trailing slash; empty if it is not known. */
  readonly temporalUi: string;
  /** GitHub, without a trailing slash. */
  readonly githubUrl: string;
}

/** A link to a workflow in Temporal's UI; its id alone where the address of the UI is not known. */
export function WorkflowLink({ links, id }: { readonly links: OutsideLinks; readonly id: string }) {
  if (links.temporalUi === '') return <span>Temporal: {id}</span>;
  const href = `${links.temporalUi}/workflows/${encodeURIComponent(id)}`;
  return <a href={href}>Temporal: {id}</a>;
}

/** An address on the web, or nothing where it is not one: links of others may be anything. */
export function webAddress(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined;
}

/** An instant; the script turns it into the reader's zone. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  if (!at) return <span class="none">–</span>;
  const instant = new Date(at);
  if (Number.isNaN(instant.getTime())) return <span>{at}</span>;
  const iso = instant.toISOString();
  return <time dateTime={iso}>{`${iso.slice(0, 19).replace('T', ' ')} UTC`}</time>;
}

/** How long something took. */
export function duration(from: string, to: string | null): string {
  if (to === null) return '';
  const seconds = Math.round((Date.parse(to) - Date.parse(from)) / 1000);
  if (!Number.isFinite(seconds) || seconds < 0) return '';
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min ${rest} s` : `${rest} s`;
}

const SIGNS: Readonly<Record<string, string>> = {
  success: '✓',
  failure: '✗',
  error: '!',
  aborted: '⊘',
  pending: '●',
  triggered: '○',
  scheduling: '○',
  missing: '○',
};

/** A state as a word with a sign: colour alone says nothing to many. */
export function State({ state }: { readonly state: string }) {
  return (
    <span class={`state state-${state.replace(/[^a-z]/g, '')}`}>
      <span aria-hidden="true">{SIGNS[state] ?? '·'}</span> {state}
    </span>
  );
}

/** A sentence in which `code` is marked as in Markdown. */
export function Prose({ text }: { readonly text: string }) {
  const parts = text.split('`');
  // A mark without its other half is just a character.
  if (parts.length % 2 === 0) return <>{text}</>;
  return <>{parts.map((part, index) => (index % 2 === 1 ? <code>{part}</code> : part))}</>;
}

/** A part of the page that is replaced when it changes. */
export function Live({
  id,
  children,
}: {
  readonly id: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div id={id} data-live>
      {children}
    </div>
  );
}

/** What a requirement is about. */
function kindInWords(kind: string): string {
  return kind === 'forbidden-label' ? 'no label' : kind;
}

/** What stands between a pull request and its merge, unmet first. */
export function Requirements({ of }: { readonly of: readonly Requirement[] }) {
  const sorted = [...of.filter(({ met }) => !met), ...of.filter(({ met }) => met)];
  return (
    <ul class="requirements">
      {sorted.map(({ met, kind, subject, fact, clearedBy }) => (
        <li class={met ? 'met' : 'unmet'}>
          <span class="sign" aria-hidden="true">
            {met ? '✓' : '✗'}
          </span>
          <span>
            <strong>
              {met ? 'Done' : 'Needed'}: {kindInWords(kind)} {subject}
            </strong>
            {fact === '' ? null : `: ${fact}`}
            {met || clearedBy === '' ? null : <em>. Up to: {clearedBy}</em>}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A short commit id. */
export function Sha({ sha }: { readonly sha: string }) {
  return <code title={sha}>{sha.slice(0, 9)}</code>;
}
