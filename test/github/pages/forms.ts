import { h } from 'preact';
import type { Hub } from '../hub.ts';
import type { Html } from './layout.ts';

/** A button of a form; one with a `name` says which of several was pressed. */
export function button(
  text: string,
  pressed?: { readonly name: string; readonly value: string },
): Html {
  return h('button', { key: text, type: 'submit', ...pressed }, text);
}

/** A field of one line. */
export function field(name: string, label: string, value = ''): Html {
  return h(
    'label',
    { key: name },
    `${label} `,
    h('input', { name, value, required: true, autocomplete: 'off' }),
  );
}

/** A field of several lines. */
export function area(
  name: string,
  label: string,
  more: {
    readonly value?: string;
    readonly required?: boolean;
    readonly placeholder?: string;
  } = {},
): Html {
  const { value = '', ...attributes } = more;
  return h('textarea', { key: name, name, rows: 4, 'aria-label': label, ...attributes }, value);
}

/** A choice; the first is chosen. */
export function choice(name: string, label: string, values: readonly string[]): Html {
  return h(
    'label',
    { key: name },
    `${label} `,
    h(
      'select',
      { name },
      values.map((value) => h('option', { key: value, value }, value)),
    ),
  );
}

/** As which of the people that this GitHub knows. */
export function asPerson(hub: Hub): Html {
  const people = Object.values(hub.model.users).filter((user) => user.type === 'User');
  return choice(
    'author',
    'as',
    people.map(({ login }) => login),
  );
}

/** A form that is sent to a page of ours; `folded` shows its heading only until it is opened. */
export function form(
  action: string,
  heading: { readonly text: string; readonly folded?: boolean },
  fields: Html,
): Html {
  const inside = h('form', { method: 'post', action }, fields);
  const { text, folded } = heading;
  return folded
    ? h('details', null, h('summary', null, text), inside)
    : h('section', null, h('h2', null, text), inside);
}
