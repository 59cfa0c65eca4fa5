import type { Route } from '../http/route.ts';
import { actionRoutes } from './actions.ts';
import { appRoutes } from './apps.ts';
import { branchRoutes } from './branches.ts';
import { checkRoutes } from './checks.ts';
import { collaboratorRoutes } from './collaborators.ts';
import { commentRoutes } from './comments.ts';
import { commitCommentRoutes } from './commit-comments.ts';
import { commitRoutes } from './commits.ts';
import { contentRoutes } from './contents.ts';
import { contentWriteRoutes } from './contents-writes.ts';
import { gitRoutes } from './git.ts';
import { gitObjectRoutes } from './git-objects.ts';
import { hookRoutes } from './hooks.ts';
import { issueRoutes } from './issues.ts';
import { labelRoutes } from './labels.ts';
import { mergeRoutes } from './merge.ts';
import { mergeUpstreamRoutes } from './merge-upstream.ts';
import { milestoneRoutes } from './milestones.ts';
import { orgRoutes } from './orgs.ts';
import { outsideCollaboratorRoutes } from './outside-collaborators.ts';
import { projectColumnRoutes } from './project-columns.ts';
import { projectRoutes } from './projects.ts';
import { protectionPartRoutes } from './protection-parts.ts';
import { pullRoutes } from './pulls.ts';
import { reactionRoutes } from './reactions.ts';
import { repositoryRoutes } from './repositories.ts';
import { reviewCommentRoutes } from './review-comments.ts';
import { reviewRoutes } from './reviews.ts';
import { rulesetRoutes } from './rulesets.ts';
import { searchRoutes } from './search.ts';
import { statusRoutes } from './statuses.ts';
import { teamMemberRoutes } from './team-members.ts';
import { teamRoutes } from './teams.ts';
import { userRoutes } from './user.ts';

/** Every REST route that is served; anything else is a 501 that is counted. */
export const routes: readonly Route[] = [
  ...userRoutes,
  ...appRoutes,
  ...orgRoutes,
  ...repositoryRoutes,
  ...labelRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...pullRoutes,
  ...reviewRoutes,
  ...reviewCommentRoutes,
  ...mergeRoutes,
  ...mergeUpstreamRoutes,
  ...gitRoutes,
  ...gitObjectRoutes,
  ...commitRoutes,
  ...commitCommentRoutes,
  ...contentRoutes,
  ...contentWriteRoutes,
  ...branchRoutes,
  ...protectionPartRoutes,
  ...rulesetRoutes,
  ...statusRoutes,
  ...hookRoutes,
  ...actionRoutes,
  ...searchRoutes,
  ...teamRoutes,
  ...teamMemberRoutes,
  ...reactionRoutes,
  ...milestoneRoutes,
  ...collaboratorRoutes,
  ...outsideCollaboratorRoutes,
  ...checkRoutes,
  ...projectRoutes,
  ...projectColumnRoutes,
];
