import { z } from 'zod';
import { emitProtection } from '../actions/protection.ts';
import { type Answer, noContent, ok } from '../http/answer.ts';
import { notFound, refuse } from '../http/errors.ts';
import { bodyOf, type Call, type Route, requirePermission, route } from '../http/route.ts';
import {
  type BranchPlace,
  renderChecks,
  renderRestrictions,
  renderReviews,
  renderSwitch,
  requiredContexts,
} from '../render/protection.ts';
import { PROTECTION, protectionOf } from './branches.ts';
import { sceneOf } from './scene.ts';

type Json = Record<string, unknown>;
type Part = 'required_status_checks' | 'required_pull_request_reviews' | 'restrictions';
type Switch = 'enforce_admins' | 'required_signatures';
type Kind = 'users' | 'teams' | 'apps';
type Change = (have: readonly string[], given: readonly string[]) => readonly string[];

const fields = z.record(z.string(), z.unknown());
const names = z.array(z.string());

const CHANGES: readonly (readonly [Route['method'], Change])[] = [
  ['POST', (have, given) => [...new Set([...have, ...given])]],
  ['PUT', (_have, given) => given],
  ['DELETE', (have, given) => have.filter((name) => !given.includes(name))],
];

/** A part of the protection; GitHub's 404 where it is not set. */
function partOf(call: Call, part: Part): { place: BranchPlace; protection: Json; value: Json } {
  const { place, protection } = protectionOf(call);
  const found = fields.safeParse(protection[part]);
  return { place, protection, value: found.success ? found.data : notFound() };
}

function say(call: Call, { branch }: BranchPlace): void {
  emitProtection(sceneOf(call, 'admin'), branch, 'edited');
}

function removePart(part: Part) {
  return (call: Call): Answer => {
    const { place, protection } = partOf(call, part);
    requirePermission(call, place.repo, 'admin');
    protection[part] = null;
    say(call, place);
    return noContent();
  };
}

function editPart(part: Part, render: (place: BranchPlace, protection: Json) => Json) {
  return (call: Call): Answer => {
    const { place, protection, value } = partOf(call, part);
    requirePermission(call, place.repo, 'admin');
    const change = bodyOf(call, fields);
    // Checks are written in one of two ways: the other one must not bring back what is gone.
    const both = 'contexts' in change || 'checks' in change ? { contexts: [], checks: [] } : {};
    protection[part] = { ...value, ...both, ...change };
    say(call, place);
    return ok(render(place, protection));
  };
}

function reviews(place: BranchPlace, protection: Json): Json {
  return renderReviews(place, fields.parse(protection['required_pull_request_reviews']));
}

function switched(name: Switch, on: boolean) {
  return (call: Call): Answer => {
    const { place, protection } = protectionOf(call);
    requirePermission(call, place.repo, 'admin');
    protection[name] = on;
    say(call, place);
    return on ? ok(renderSwitch(place, name, protection)) : noContent();
  };
}

/** A list comes bare, or below its own name. */
function given(call: Call, name: string): readonly string[] {
  const bare = names.safeParse(call.body);
  return bare.success ? bare.data : names.parse(bodyOf(call, fields)[name] ?? []);
}

function changeContexts(change: Change) {
  return (call: Call): Answer => {
    const { place, protection, value } = partOf(call, 'required_status_checks');
    requirePermission(call, place.repo, 'admin');
    const contexts = change(requiredContexts(protection), given(call, 'contexts'));
    protection['required_status_checks'] = { ...value, contexts, checks: [] };
    say(call, place);
    return ok(contexts);
  };
}

function listed(kind: Kind) {
  return (call: Call): Answer => {
    const { place, value } = partOf(call, 'restrictions');
    return ok(renderRestrictions(place, value)[kind]);
  };
}

function changeNamed(kind: Kind, change: Change) {
  return (call: Call): Answer => {
    const { place, protection, value } = partOf(call, 'restrictions');
    requirePermission(call, place.repo, 'admin');
    const have = names.safeParse(value[kind]);
    const now = change(have.success ? have.data : [], given(call, kind));
    const restrictions = { ...value, [kind]: now };
    protection['restrictions'] = restrictions;
    say(call, place);
    return ok(renderRestrictions(place, restrictions)[kind]);
  };
}

const CHECKS = `${PROTECTION}/required_status_checks`;
const REVIEWS = `${PROTECTION}/required_pull_request_reviews`;
const RESTRICTIONS = `${PROTECTION}/restrictions`;
const SWITCHES: readonly Switch[] = ['enforce_admins', 'required_signatures'];
const KINDS: readonly Kind[] = ['users', 'teams', 'apps'];

/** The parts of a branch's protection, each by itself. */
export const protectionPartRoutes: readonly Route[] = [
  route('GET', CHECKS, (call) => {
    const { place, protection } = protectionOf(call);
    if (!protection['required_status_checks']) {
      return refuse(404, 'Required status checks not enabled');
    }
    return ok(renderChecks(place, protection));
  }),
  route('PATCH', CHECKS, editPart('required_status_checks', renderChecks)),
  route('DELETE', CHECKS, removePart('required_status_checks')),
  route('GET', `${CHECKS}/contexts`, (call) => {
    const { protection } = partOf(call, 'required_status_checks');
    return ok(requiredContexts(protection));
  }),
  ...CHANGES.map(([method, change]) => route(method, `${CHECKS}/contexts`, changeContexts(change))),
  route('GET', REVIEWS, (call) => {
    const { place, protection } = partOf(call, 'required_pull_request_reviews');
    return ok(reviews(place, protection));
  }),
  route('PATCH', REVIEWS, editPart('required_pull_request_reviews', reviews)),
  route('DELETE', REVIEWS, removePart('required_pull_request_reviews')),
  route('GET', RESTRICTIONS, (call) => {
    const { place, value } = partOf(call, 'restrictions');
    return ok(renderRestrictions(place, value));
  }),
  route('DELETE', RESTRICTIONS, removePart('restrictions')),
  ...KINDS.flatMap((kind) => [
    route('GET', `${RESTRICTIONS}/${kind}`, listed(kind)),
    ...CHANGES.map(([method, change]) =>
      route(method, `${RESTRICTIONS}/${kind}`, changeNamed(kind, change)),
    ),
  ]),
  ...SWITCHES.flatMap((name) => [
    route('GET', `${PROTECTION}/${name}`, (call) => {
      const { place, protection } = protectionOf(call);
      return ok(renderSwitch(place, name, protection));
    }),
    route('POST', `${PROTECTION}/${name}`, switched(name, true)),
    route('DELETE', `${PROTECTION}/${name}`, switched(name, false)),
  ]),
];
