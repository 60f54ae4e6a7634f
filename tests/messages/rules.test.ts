import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseRule } from '../../src/domain/rules/parse.ts';
import { printRule } from '../../src/domain/rules/print.ts';
import { neverMatches } from '../../src/domain/rules/never.ts';
import { markedLines, neverWords, ruleProblemMessage, ruleProblemWords } from '../../src/messages/rules.ts';
import { readable } from '../support/hostile.ts';
import { ruleLines } from '../support/rules.ts';

const KEYS =
  'You can write: on:, workflow:, job:, branch:, event:, actor:, label:, path:, env:, state:, verdict:, mention:, quiet:, digest:.';
const EVENTS =
  'You can write: failure, timed_out, startup_failure, action_required, recovered, flaky, always, deployment, check, pull_request, release.';
const VERDICTS =
  'You can write: new, recurring, failing-on-base, flaky, infrastructure, configuration, timeout, cancelled, superseded.';
const TRIGGERS = 'For example: push, pull_request, schedule, workflow_dispatch, merge_group, release.';
const STATES = 'You can write: queued, pending, waiting, in_progress, success, failure, error, inactive.';
const ENV = 'For example: env:production or -env:preview-*.';
const STATE = 'For example: state:failure,error.';
const LABEL = 'For example: label:release,"needs review".';
const PATH = 'For example: path:services/cart/** or -path:docs/**.';
const QUIET = 'For example: quiet:22:00-07:00@Europe/Berlin.';
const DIGEST = 'For example: digest:daily@09:00 or digest:weekly@mon@09:00.';
const ZONES = 'For example: Europe/Berlin, America/New_York, UTC.';
const MENTION = 'You can write: author, codeowners, @group.';
const ONE_SCHEDULE = 'A rule has one quiet: or one digest:. For another time, write a rule of its own.';
const TARGET = 'Write owner/repo, owner/* for all of an owner, topic:NAME or team:NAME.';
const TOPIC = 'A topic has letters, digits and hyphens: topic:payments.';
const TEAM = 'Write it as its address does: team:acme/platform, or team:platform.';
const SECOND = 'A rule is about one thing. Write a rule of its own for';

/** What is typed, and the one way in which it is kept. */
const RULES: ReadonlyArray<readonly [string, string]> = [
  ['acme/web', 'acme/web'],
  ['ACME/Web', 'acme/web'],
  ['acme/*', 'acme/*'],
  ['Acme/* on:failure', 'acme/* on:failure'],
  ['acme/web on:failure', 'acme/web on:failure'],
  ['acme/web on:FAILURE,timed_out', 'acme/web on:failure,timed_out'],
  ['acme/web on:timed_out,failure,failure', 'acme/web on:failure,timed_out'],
  ['acme/web on:failure,timed_out,startup_failure,recovered', 'acme/web'],
  ['acme/web on:recovered on:failure', 'acme/web on:failure,recovered'],
  ['acme/web on:flaky', 'acme/web on:flaky'],
  ['acme/web on:flaky,recovered', 'acme/web on:recovered,flaky'],
  ['acme/web on:startup_failure', 'acme/web on:startup_failure'],
  [
    'acme/web on:failure,timed_out,startup_failure,recovered,flaky',
    'acme/web on:failure,timed_out,startup_failure,recovered,flaky',
  ],
  ['acme/web on:action_required', 'acme/web on:action_required'],
  ['acme/web on:action_required,failure', 'acme/web on:failure,action_required'],
  ['acme/web on:ALWAYS', 'acme/web on:always'],
  ['acme/web on:always,failure,recovered', 'acme/web on:always'],
  ['acme/web on:always verdict:new', 'acme/web on:always verdict:new'],
  ['acme/web on:action_required,failure job:build', 'acme/web on:failure,action_required job:build'],
  ['acme/web branch:main', 'acme/web branch:main'],
  ['acme/web branch:default', 'acme/web branch:default'],
  ['acme/web branch:main,default', 'acme/web branch:default,main'],
  ['acme/web branch:release/*', 'acme/web branch:release/*'],
  ['acme/web branch:release/**', 'acme/web branch:release/**'],
  ['acme/web branch:**/hotfix', 'acme/web branch:**/hotfix'],
  ['acme/web branch:Main', 'acme/web branch:Main'],
  ['acme/web -branch:dependabot/**', 'acme/web -branch:dependabot/**'],
  ['acme/web -branch:main branch:*', 'acme/web branch:* -branch:main'],
  ['acme/web branch:main branch:main', 'acme/web branch:main'],
  ['acme/web branch:b,a,c', 'acme/web branch:a,b,c'],
  ['acme/web branch:fork:main', 'acme/web branch:fork:main'],
  ['acme/web branch:feature/#42', 'acme/web branch:feature/#42'],
  ['acme/web BRANCH:main', 'acme/web branch:main'],
  ['acme/web mention:author', 'acme/web mention:author'],
  ['acme/web mention:AUTHOR,CodeOwners', 'acme/web mention:author,codeowners'],
  ['acme/web mention:codeowners,author', 'acme/web mention:author,codeowners'],
  ['acme/web mention:@oncall', 'acme/web mention:@oncall'],
  ['acme/web mention:@OnCall mention:@oncall', 'acme/web mention:@oncall'],
  ['acme/web mention:@b-team,@a.team,author', 'acme/web mention:author,@a.team,@b-team'],
  ['acme/web mention:@équipe', 'acme/web mention:@équipe'],
  ['acme/web mention:"@oncall"', 'acme/web mention:@oncall'],
  ['acme/web Mention:author', 'acme/web mention:author'],
  ['acme/web mention:author mention:codeowners on:failure', 'acme/web on:failure mention:author,codeowners'],
  [
    'acme/web digest:daily@09:00@UTC mention:@oncall branch:main',
    'acme/web branch:main mention:@oncall digest:daily@09:00@UTC',
  ],
  ['acme/web -Branch:main', 'acme/web -branch:main'],
  ['acme/web workflow:CI', 'acme/web workflow:CI'],
  ['acme/web workflow:ci,Deploy', 'acme/web workflow:Deploy,ci'],
  ['acme/web workflow:"Deploy to production"', 'acme/web workflow:"Deploy to production"'],
  ['acme/web workflow:"Deploy*",CI', 'acme/web workflow:CI,Deploy*'],
  ['acme/web workflow:Deploy" to "production', 'acme/web workflow:"Deploy to production"'],
  ['acme/web workflow:“Deploy to production”', 'acme/web workflow:"Deploy to production"'],
  ['acme/web workflow:«Deploy»', 'acme/web workflow:Deploy'],
  ['acme/web workflow:"a, b"', 'acme/web workflow:"a, b"'],
  ['acme/web workflow:"say \\"hi\\""', 'acme/web workflow:"say \\"hi\\""'],
  ['acme/web workflow:"back\\\\slash"', 'acme/web workflow:"back\\\\slash"'],
  ['acme/web workflow:"CI"', 'acme/web workflow:CI'],
  ['acme/web -workflow:nightly', 'acme/web -workflow:nightly'],
  ['acme/web workflow:.github/workflows/ci.yml', 'acme/web workflow:.github/workflows/ci.yml'],
  ['acme/web workflow:"build: all"', 'acme/web workflow:"build: all"'],
  ['acme/web workflow:日本語', 'acme/web workflow:日本語'],
  ['acme/web workflow:🚀*', 'acme/web workflow:🚀*'],
  ['acme/web workflow:<!channel>', 'acme/web workflow:<!channel>'],
  ['acme/web job:build', 'acme/web job:build'],
  ['acme/web job:"test (ubuntu-latest, 20)"', 'acme/web job:"test (ubuntu-latest, 20)"'],
  ['acme/web job:"test (*)"', 'acme/web job:"test (*)"'],
  ['acme/web -job:lint,docs', 'acme/web -job:docs,lint'],
  ['acme/web job:build -job:"build (windows*)"', 'acme/web job:build -job:"build (windows*)"'],
  ['acme/web event:push', 'acme/web event:push'],
  ['acme/web event:push,schedule', 'acme/web event:push,schedule'],
  ['acme/web -event:pull_request', 'acme/web -event:pull_request'],
  ['acme/web event:PUSH', 'acme/web event:push'],
  ['acme/web event:pull_request*', 'acme/web event:pull_request*'],
  ['acme/web event:some_new_event', 'acme/web event:some_new_event'],
  ['acme/web actor:ada', 'acme/web actor:ada'],
  ['acme/web actor:Ada,BEN', 'acme/web actor:ada,ben'],
  ['acme/web -actor:*[bot]', 'acme/web -actor:*[bot]'],
  ['acme/web actor:dependabot[bot]', 'acme/web actor:dependabot[bot]'],
  ['acme/web -actor:dependabot[bot],renovate[bot]', 'acme/web -actor:dependabot[bot],renovate[bot]'],
  ['acme/web actor:octo-*', 'acme/web actor:octo-*'],
  ['acme/web actor:emu_user_acme', 'acme/web actor:emu_user_acme'],
  ['acme/web verdict:new', 'acme/web verdict:new'],
  ['acme/web verdict:new,recurring', 'acme/web verdict:new,recurring'],
  ['acme/web -verdict:infrastructure', 'acme/web -verdict:infrastructure'],
  ['acme/web -verdict:flaky,cancelled,superseded', 'acme/web -verdict:cancelled,flaky,superseded'],
  ['acme/web verdict:FAILING-ON-BASE', 'acme/web verdict:failing-on-base'],
  ['acme/web branch:main -actor:*[bot] on:failure', 'acme/web on:failure branch:main -actor:*[bot]'],
  [
    'acme/web -actor:*[bot] verdict:new job:test event:push branch:default workflow:CI on:failure,recovered',
    'acme/web on:failure,recovered workflow:CI job:test branch:default event:push -actor:*[bot] verdict:new',
  ],
  ['acme/web label:bug', 'acme/web label:bug'],
  ['acme/web label:"needs review",Release', 'acme/web label:Release,"needs review"'],
  ['acme/web -label:wip,draft', 'acme/web -label:draft,wip'],
  ['acme/web LABEL:area/*', 'acme/web label:area/*'],
  ['acme/web path:src/**', 'acme/web path:src/**'],
  ['acme/web path:services/cart/**,*.lock', 'acme/web path:*.lock,services/cart/**'],
  ['acme/web -path:docs/**,**.md', 'acme/web -path:**.md,docs/**'],
  ['acme/web path:"my files/**" -path:.github/**', 'acme/web path:"my files/**" -path:.github/**'],
  ['acme/web -path:*', 'acme/web -path:*'],
  ['acme/web verdict:new path:src/** label:bug actor:ada', 'acme/web actor:ada label:bug path:src/** verdict:new'],
  ['acme/web env:production', 'acme/web env:production'],
  ['acme/web -env:preview-*,Staging', 'acme/web -env:Staging,preview-*'],
  ['acme/web -env:*', 'acme/web -env:*'],
  ['acme/web env:"eu west",asia', 'acme/web env:asia,"eu west"'],
  ['acme/web on:deployment', 'acme/web on:deployment'],
  ['acme/web on:Deployment,failure', 'acme/web on:failure,deployment'],
  ['acme/web on:deployment,always,failure', 'acme/web on:always,deployment'],
  ['acme/web on:recovered,deployment', 'acme/web on:recovered,deployment'],
  ['acme/web on:deployment actor:ada branch:default', 'acme/web on:deployment branch:default actor:ada'],
  ['acme/web env:production state:failure', 'acme/web on:deployment env:production state:failure'],
  ['acme/web -state:inactive,QUEUED', 'acme/web on:deployment -state:inactive,queued'],
  ['acme/web state:success on:deployment,failure', 'acme/web on:failure,deployment state:success'],
  ['acme/* state:error,failure env:prod/*', 'acme/* on:deployment env:prod/* state:error,failure'],
  ['acme/web on:failure,deployment job:build', 'acme/web on:failure,deployment job:build'],
  ['acme/web on:check', 'acme/web on:check'],
  ['acme/web on:release,check,pull_request', 'acme/web on:check,pull_request,release'],
  ['acme/web on:pull_request label:"needs review"', 'acme/web on:pull_request label:"needs review"'],
  ['acme/web on:check job:codecov/*', 'acme/web on:check job:codecov/*'],
  ['acme/web on:release branch:default,v*', 'acme/web on:release branch:default,v*'],
  ['acme/web on:always,release,failure', 'acme/web on:always,release'],
  ['acme/web event:release on:failure', 'acme/web on:failure event:release'],
  ['acme/web on:check,deployment env:prod', 'acme/web on:deployment,check env:prod'],
  ['acme/web on:deployment digest:daily@09:00@UTC', 'acme/web on:deployment digest:daily@09:00@UTC'],
  ['acme/web quiet:22:00-07:00', 'acme/web quiet:22:00-07:00'],
  ['acme/web quiet:9:00-7:05', 'acme/web quiet:09:00-07:05'],
  ['acme/web quiet:22:00-07:00@europe/berlin', 'acme/web quiet:22:00-07:00@Europe/Berlin'],
  ['acme/web quiet:"22:00-07:00 Europe/Berlin"', 'acme/web quiet:22:00-07:00@Europe/Berlin'],
  ['acme/web quiet:22:00-07:00 Europe/Berlin branch:main', 'acme/web branch:main quiet:22:00-07:00@Europe/Berlin'],
  ['acme/web quiet:22:00-07:00 UTC on:failure', 'acme/web on:failure quiet:22:00-07:00@UTC'],
  ['acme/web QUIET:22:00-07:00 branch:main', 'acme/web branch:main quiet:22:00-07:00'],
  ['acme/web digest:daily@09:00', 'acme/web digest:daily@09:00'],
  ['acme/web digest:Daily@9:00@UTC', 'acme/web digest:daily@09:00@UTC'],
  ['acme/web digest:weekly@mon@09:00', 'acme/web digest:weekly@mon@09:00'],
  ['acme/web digest:weekly@Wednesday@18:15', 'acme/web digest:weekly@wed@18:15'],
  ['acme/web digest:"weekly@fri@17:00 America/New_York"', 'acme/web digest:weekly@fri@17:00@America/New_York'],
  ['acme/* digest:daily@09:00 Asia/Kolkata on:failure', 'acme/* on:failure digest:daily@09:00@Asia/Kolkata'],
  ['topic:payments', 'topic:payments'],
  ['Topic:Payments on:failure', 'topic:payments on:failure'],
  ['topic:3d-printing branch:default', 'topic:3d-printing branch:default'],
  ['team:platform', 'team:platform'],
  ['team:Acme/Platform', 'team:acme/platform'],
  ['team:@acme/platform -actor:*[bot]', 'team:acme/platform -actor:*[bot]'],
  ['TEAM:acme/web_core verdict:new', 'team:acme/web_core verdict:new'],
  ['team:platform digest:daily@09:00', 'team:platform digest:daily@09:00'],
  ['  acme/web    branch:main  ', 'acme/web branch:main'],
  ['acme/web\tbranch:main', 'acme/web branch:main'],
  ['acme/my.repo branch:main', 'acme/my.repo branch:main'],
  ['acme/my-repo_2', 'acme/my-repo_2'],
  ['a-b/c.d on:failure', 'a-b/c.d on:failure'],
  ['acme/web branch:main,dev -branch:main', 'acme/web branch:dev,main -branch:main'],
  ['acme/web -branch:*', 'acme/web -branch:*'],
  ['acme/web actor:ada -actor:*[bot]', 'acme/web actor:ada -actor:*[bot]'],
  ['acme/web branch:default -branch:main', 'acme/web branch:default -branch:main'],
];

/** What is typed, the part that is wrong, and what is said about it. */
const PROBLEMS: ReadonlyArray<readonly [string, string, string]> = [
  [
    'acme/web branch:main,',
    'branch:main,',
    'Something is missing behind branch: here. For example: branch:default,release/*.',
  ],
  [
    'acme/web branch:,main',
    'branch:,main',
    'Something is missing behind branch: here. For example: branch:default,release/*.',
  ],
  ['acme/web branch:', 'branch:', 'Something is missing behind branch: here. For example: branch:default,release/*.'],
  ['acme/web on:', 'on:', 'Something is missing behind on: here. For example: on:failure,recovered.'],
  ['acme/web -branch:', '-branch:', 'Something is missing behind branch: here. For example: branch:default,release/*.'],
  [
    'acme/web branch:""',
    'branch:""',
    'Something is missing behind branch: here. For example: branch:default,release/*.',
  ],
  ['acme/web branch:" "', '" "', 'Something is missing behind branch: here. For example: branch:default,release/*.'],
  ['', '', 'Start with owner/repo, owner/* for all of an owner, topic:NAME or team:NAME.'],
  ['   ', '   ', 'Start with owner/repo, owner/* for all of an owner, topic:NAME or team:NAME.'],
  ['acme', 'acme', `A rule starts with a repository, but "acme" is none. ${TARGET}`],
  ['acme/', 'acme/', `A rule starts with a repository, but "acme/" is none. ${TARGET}`],
  ['/web', '/web', `A rule starts with a repository, but "/web" is none. ${TARGET}`],
  ['acme/we*b', 'acme/we*b', `A rule starts with a repository, but "acme/we*b" is none. ${TARGET}`],
  ['*/web', '*/web', `A rule starts with a repository, but "*/web" is none. ${TARGET}`],
  ['*/*', '*/*', `A rule starts with a repository, but "*/*" is none. ${TARGET}`],
  ['acme/**', 'acme/**', `A rule starts with a repository, but "acme/**" is none. ${TARGET}`],
  ['acme/web/ci', 'acme/web/ci', `A rule starts with a repository, but "acme/web/ci" is none. ${TARGET}`],
  [
    'https://evil.example/acme/web',
    'https://evil.example/acme/web',
    `A rule starts with a repository, but "https://evil.example/acme/web" is none. ${TARGET}`,
  ],
  ['branch:main acme/web', 'branch:main', `A rule starts with a repository, but "branch:main" is none. ${TARGET}`],
  ['acme/web acme/api', 'acme/api', `${SECOND} acme/api.`],
  ['acme/web acme/*', 'acme/*', `${SECOND} acme/*.`],
  ['topic:', 'topic:', `Nothing cannot be a topic of GitHub. ${TOPIC}`],
  ['topic:pay_ments', 'pay_ments', `"pay_ments" cannot be a topic of GitHub. ${TOPIC}`],
  ['topic:a,b', 'a,b', `"a,b" cannot be a topic of GitHub. ${TOPIC}`],
  ['topic:"payments"', '"payments"', `""payments"" cannot be a topic of GitHub. ${TOPIC}`],
  ['topic:-x', '-x', `"-x" cannot be a topic of GitHub. ${TOPIC}`],
  ['topic:*', '*', `"*" cannot be a topic of GitHub. ${TOPIC}`],
  ['team:', 'team:', `Nothing cannot be a team of GitHub. ${TEAM}`],
  ['team:@platform', '@platform', `"@platform" cannot be a team of GitHub. ${TEAM}`],
  ['team:acme/core/web', 'acme/core/web', `"acme/core/web" cannot be a team of GitHub. ${TEAM}`],
  ['team:acme/*', 'acme/*', `"acme/*" cannot be a team of GitHub. ${TEAM}`],
  ['acme/web topic:payments', 'topic:payments', `${SECOND} topic:payments.`],
  ['topic:payments team:platform', 'team:platform', `${SECOND} team:platform.`],
  ['team:platform acme/web', 'acme/web', `${SECOND} acme/web.`],
  ['acme/web -topic:payments', 'topic', `I do not know the condition "topic:". ${KEYS}`],
  ['acme/web main', 'main', `"main" is not a condition. ${KEYS}`],
  ['acme/web branch', 'branch', `"branch" is not a condition. Did you mean branch:? ${KEYS}`],
  ['acme/web brnch', 'brnch', `"brnch" is not a condition. Did you mean branch:? ${KEYS}`],
  ['acme/web -branch', '-branch', `"-branch" is not a condition. Did you mean branch:? ${KEYS}`],
  ['acme/web branch main', 'branch', `"branch" is not a condition. Did you mean branch:? ${KEYS}`],
  ['acme/web branch :main', 'branch', `"branch" is not a condition. Did you mean branch:? ${KEYS}`],
  ['acme/web brnch:main', 'brnch', `I do not know the condition "brnch:". Did you mean branch:? ${KEYS}`],
  ['acme/web -brnch:main', 'brnch', `I do not know the condition "brnch:". Did you mean branch:? ${KEYS}`],
  ['acme/web workflw:CI', 'workflw', `I do not know the condition "workflw:". Did you mean workflow:? ${KEYS}`],
  ['acme/web jobs:build', 'jobs', `I do not know the condition "jobs:". Did you mean job:? ${KEYS}`],
  ['acme/web events:push', 'events', `I do not know the condition "events:". Did you mean event:? ${KEYS}`],
  ['acme/web actr:ada', 'actr', `I do not know the condition "actr:". Did you mean actor:? ${KEYS}`],
  ['acme/web verdikt:new', 'verdikt', `I do not know the condition "verdikt:". Did you mean verdict:? ${KEYS}`],
  ['acme/web labels:bug', 'labels', `I do not know the condition "labels:". Did you mean label:? ${KEYS}`],
  ['acme/web paht:src/**', 'paht', `I do not know the condition "paht:". Did you mean path:? ${KEYS}`],
  ['acme/web label:', 'label:', `Something is missing behind label: here. ${LABEL}`],
  ['acme/web label:bug,', 'label:bug,', `Something is missing behind label: here. ${LABEL}`],
  ['acme/web path:', 'path:', `Something is missing behind path: here. ${PATH}`],
  ['acme/web path:/src/**', '/src/**', `"/src/**" cannot be a value of path:. ${PATH}`],
  ['acme/web -path:src/**,./docs', './docs', `"./docs" cannot be a value of path:. ${PATH}`],
  [
    'acme/web mention:',
    'mention:',
    'Something is missing behind mention: here. For example: mention:author,codeowners,@oncall.',
  ],
  [
    'acme/web mention:author,',
    'mention:author,',
    'Something is missing behind mention: here. For example: mention:author,codeowners,@oncall.',
  ],
  ['acme/web mention:autor', 'autor', `"autor" is no value of mention:. Did you mean author? ${MENTION}`],
  [
    'acme/web mention:codeowner',
    'codeowner',
    `"codeowner" is no value of mention:. Did you mean codeowners? ${MENTION}`,
  ],
  ['acme/web mention:author,oncall', 'oncall', `"oncall" is no value of mention:. ${MENTION}`],
  ['acme/web mention:@', '@', `"@" is no value of mention:. ${MENTION}`],
  ['acme/web mention:"@on call"', '"@on call"', `"@on call" is no value of mention:. ${MENTION}`],
  ['acme/web mention:<!channel>', '<!channel>', `"<!channel>" is no value of mention:. ${MENTION}`],
  ['acme/web mention:@acme/web', '@acme/web', `"@acme/web" is no value of mention:. ${MENTION}`],
  [
    'acme/web -mention:author',
    '-mention',
    '"mention:" cannot be turned around. Whom no rule names is not called; the author is named in any case.',
  ],
  ['acme/web mentoin:author', 'mentoin', `I do not know the condition "mentoin:". Did you mean mention:? ${KEYS}`],
  ['acme/web quite:22:00-07:00', 'quite', `I do not know the condition "quite:". Did you mean quiet:? ${KEYS}`],
  ['acme/web quiet:', 'quiet:', `Something is missing behind quiet: here. ${QUIET}`],
  ['acme/web digest:""', 'digest:""', `Something is missing behind digest: here. ${DIGEST}`],
  ['acme/web -quiet:22:00-07:00', '-quiet', `"quiet:" cannot be turned around. ${QUIET}`],
  ['acme/web -digest:daily@09:00', '-digest', `"digest:" cannot be turned around. ${DIGEST}`],
  ['acme/web quiet:25:00-07:00', '25:00-07:00', `"25:00-07:00" cannot be a value of quiet:. ${QUIET}`],
  ['acme/web quiet:22:00', '22:00', `"22:00" cannot be a value of quiet:. ${QUIET}`],
  ['acme/web quiet:22:00-22:00', '22:00-22:00', `"22:00-22:00" cannot be a value of quiet:. ${QUIET}`],
  ['acme/web quiet:night', 'night', `"night" cannot be a value of quiet:. ${QUIET}`],
  ['acme/web digest:daily', 'daily', `"daily" cannot be a value of digest:. ${DIGEST}`],
  ['acme/web digest:hourly@09:00', 'hourly@09:00', `"hourly@09:00" cannot be a value of digest:. ${DIGEST}`],
  ['acme/web digest:weekly@09:00', 'weekly@09:00', `"weekly@09:00" cannot be a value of digest:. ${DIGEST}`],
  [
    'acme/web digest:weekly@xyz@09:00',
    'weekly@xyz@09:00',
    `"weekly@xyz@09:00" cannot be a value of digest:. ${DIGEST}`,
  ],
  [
    'acme/web quiet:22:00-07:00@Europe/Berlim',
    'Europe/Berlim',
    `I do not know the time zone "Europe/Berlim". Did you mean Europe/Berlin? ${ZONES}`,
  ],
  [
    'acme/web digest:"daily@09:00 Mars/Olympus"',
    'Mars/Olympus',
    `I do not know the time zone "Mars/Olympus". ${ZONES}`,
  ],
  ['acme/web quiet:22:00-07:00 acme/api', 'acme/api', `${SECOND} acme/api.`],
  ['acme/web quiet:22:00-07:00 digest:daily@09:00', 'digest:daily@09:00', ONE_SCHEDULE],
  ['acme/web quiet:22:00-07:00,12:00-13:00', '12:00-13:00', ONE_SCHEDULE],
  ['acme/web env:', 'env:', `Something is missing behind env: here. ${ENV}`],
  ['acme/web env:production,', 'env:production,', `Something is missing behind env: here. ${ENV}`],
  ['acme/web -state:', '-state:', `Something is missing behind state: here. ${STATE}`],
  ['acme/web envs:production', 'envs', `I do not know the condition "envs:". Did you mean env:? ${KEYS}`],
  ['acme/web stat:failure', 'stat', `I do not know the condition "stat:". Did you mean state:? ${KEYS}`],
  ['acme/web state:failed', 'failed', `"failed" is no value of state:. ${STATES}`],
  ['acme/web state:sucess', 'sucess', `"sucess" is no value of state:. Did you mean success? ${STATES}`],
  [
    'acme/web state:in-progress',
    'in-progress',
    `"in-progress" is no value of state:. Did you mean in_progress? ${STATES}`,
  ],
  ['acme/web -state:failure,*', '*', `"*" is no value of state:. ${STATES}`],
  ['acme/web on:deploy', 'deploy', `"deploy" is no value of on:. Did you mean deployment? ${EVENTS}`],
  ['acme/web on:deployments', 'deployments', `"deployments" is no value of on:. Did you mean deployment? ${EVENTS}`],
  ['acme/web on:checks', 'checks', `"checks" is no value of on:. Did you mean check? ${EVENTS}`],
  [
    'acme/web on:pull-request',
    'pull-request',
    `"pull-request" is no value of on:. Did you mean pull_request? ${EVENTS}`,
  ],
  ['acme/web on:releases', 'releases', `"releases" is no value of on:. Did you mean release? ${EVENTS}`],
  ['acme/web on:push', 'push', `"push" is no value of on:. ${EVENTS}`],
  ['acme/web environment:production', 'environment', `I do not know the condition "environment:". ${KEYS}`],
  ['acme/web :main', ':main', `":main" is not a condition. ${KEYS}`],
  ['acme/web -:main', '-:main', `"-:main" is not a condition. ${KEYS}`],
  ['acme/web --branch:main', '-branch', `I do not know the condition "-branch:". Did you mean branch:? ${KEYS}`],
  ['acme/web +branch:main', '+branch', `I do not know the condition "+branch:". Did you mean branch:? ${KEYS}`],
  ['acme/web !branch:main', '!branch', `I do not know the condition "!branch:". Did you mean branch:? ${KEYS}`],
  [
    'acme/web -on:failure',
    '-on',
    '"on:" cannot be turned around. List what you want to hear of: on:failure,timed_out,startup_failure,action_required,recovered,flaky,always,deployment,check,pull_request,release.',
  ],
  ['acme/web on:failures', 'failures', `"failures" is no value of on:. Did you mean failure? ${EVENTS}`],
  ['acme/web on:faliure', 'faliure', `"faliure" is no value of on:. Did you mean failure? ${EVENTS}`],
  ['acme/web on:allways', 'allways', `"allways" is no value of on:. Did you mean always? ${EVENTS}`],
  ['acme/web on:success', 'success', `"success" is no value of on:. ${EVENTS}`],
  ['acme/web on:failure,sucess', 'sucess', `"sucess" is no value of on:. ${EVENTS}`],
  ['acme/web on:recoverd', 'recoverd', `"recoverd" is no value of on:. Did you mean recovered? ${EVENTS}`],
  [
    'acme/web on:action_requird',
    'action_requird',
    `"action_requird" is no value of on:. Did you mean action_required? ${EVENTS}`,
  ],
  ['acme/web on:*', '*', `"*" is no value of on:. ${EVENTS}`],
  ['acme/web verdict:knew', 'knew', `"knew" is no value of verdict:. Did you mean new? ${VERDICTS}`],
  ['acme/web verdict:flakey', 'flakey', `"flakey" is no value of verdict:. Did you mean flaky? ${VERDICTS}`],
  ['acme/web verdict:new,old', 'old', `"old" is no value of verdict:. ${VERDICTS}`],
  ['acme/web verdict:*', '*', `"*" is no value of verdict:. ${VERDICTS}`],
  [
    'acme/web event:pul_request',
    'pul_request',
    `"pul_request" is no value of event:. Did you mean pull_request? ${TRIGGERS}`,
  ],
  ['acme/web event:schedulle', 'schedulle', `"schedulle" is no value of event:. Did you mean schedule? ${TRIGGERS}`],
  ['acme/web event:push!', 'push!', `"push!" is no value of event:. Did you mean push? ${TRIGGERS}`],
  ['acme/web actor:@ada', '@ada', '"@ada" cannot be a value of actor:. For example: -actor:*[bot].'],
  ['acme/web actor:ada[bot]x', 'ada[bot]x', '"ada[bot]x" cannot be a value of actor:. For example: -actor:*[bot].'],
  [
    'acme/web actor:"ada lovelace"',
    '"ada lovelace"',
    '"ada lovelace" cannot be a value of actor:. For example: -actor:*[bot].',
  ],
  [
    'acme/web branch:"my branch"',
    '"my branch"',
    '"my branch" cannot be a value of branch:. For example: branch:default,release/*.',
  ],
  ['acme/web branch:a~1', 'a~1', '"a~1" cannot be a value of branch:. For example: branch:default,release/*.'],
  ['acme/web branch:a?', 'a?', '"a?" cannot be a value of branch:. For example: branch:default,release/*.'],
  [
    'acme/web workflow:"Deploy',
    '"Deploy',
    'This quote is not closed. Write, for example, workflow:"Deploy to production".',
  ],
  [
    'acme/web branch:main workflow:CI"',
    '"',
    'This quote is not closed. Write, for example, workflow:"Deploy to production".',
  ],
  [
    'acme/web "branch:main',
    '"branch:main',
    'This quote is not closed. Write, for example, workflow:"Deploy to production".',
  ],
  ['acme/web "branch:main"', '"branch:main"', `""branch:main"" is not a condition. ${KEYS}`],
  [
    'acme/web workflow:"Deploy\\',
    '"Deploy\\',
    'This quote is not closed. Write, for example, workflow:"Deploy to production".',
  ],
];

/** Rules that are kept, with the warning that comes with them. */
const NEVER: ReadonlyArray<readonly [string, string]> = [
  ['acme/web branch:main -branch:main', 'This rule can never match: what branch: asks for, -branch: excludes.'],
  ['acme/web branch:main -branch:m*', 'This rule can never match: what branch: asks for, -branch: excludes.'],
  ['acme/web -branch:**', 'This rule can never match: what branch: asks for, -branch: excludes.'],
  ['acme/web -actor:*', 'This rule can never match: what actor: asks for, -actor: excludes.'],
  ['acme/web -workflow:*', 'This rule can never match: what workflow: asks for, -workflow: excludes.'],
  [
    'acme/web actor:dependabot[bot] -actor:*[bot]',
    'This rule can never match: what actor: asks for, -actor: excludes.',
  ],
  [
    'acme/web on:recovered',
    'By itself this rule posts nothing: the end of a failure is told where the failure was told. Add failure to on:.',
  ],
  [
    'acme/web on:recovered verdict:new',
    'By itself this rule posts nothing: the end of a failure is told where the failure was told. Add failure to on:.',
  ],
  [
    'acme/web on:action_required verdict:new',
    'This rule can never match: a run that waits for an approval is not analysed, so verdict: has nothing to fit.',
  ],
  [
    'acme/web on:action_required,recovered job:build',
    'This rule can never match: a run that waits for an approval is not analysed, so job: has nothing to fit.',
  ],
  [
    'acme/web on:flaky verdict:new',
    'This rule can never match: on:flaky asks for the verdict flaky, and verdict: excludes it.',
  ],
  [
    'acme/web on:flaky -verdict:flaky',
    'This rule can never match: on:flaky asks for the verdict flaky, and verdict: excludes it.',
  ],
  ['acme/web branch:default -branch:default', 'This rule can never match: what branch: asks for, -branch: excludes.'],
  [
    'acme/web verdict:new -verdict:new,recurring',
    'This rule can never match: what verdict: asks for, -verdict: excludes.',
  ],
  ['acme/web job:Build -job:build', 'This rule can never match: what job: asks for, -job: excludes.'],
  ['acme/web label:bug -label:B*', 'This rule can never match: what label: asks for, -label: excludes.'],
  ['acme/web -label:*', 'This rule can never match: what label: asks for, -label: excludes.'],
  ['acme/web path:src/a.ts -path:src/**', 'This rule can never match: what path: asks for, -path: excludes.'],
  ['acme/web -path:**', 'This rule can never match: what path: asks for, -path: excludes.'],
  [
    'acme/web on:failure state:failure',
    'This rule can never match: only a deployment has a state. Add deployment to on:.',
  ],
  [
    'acme/web on:action_required state:waiting',
    'This rule can never match: only a deployment has a state. Add deployment to on:.',
  ],
  ['acme/web on:deployment job:build', 'This rule can never match: job: asks for what a deployment does not have.'],
  [
    'acme/web on:deployment,action_required verdict:new',
    'This rule can never match: verdict: asks for what a run that waits for an approval or a deployment does not have.',
  ],
  ['acme/web on:release job:build', 'This rule can never match: job: asks for what a release does not have.'],
  [
    'acme/web on:check,release label:bug',
    'This rule can never match: label: asks for what a check or a release does not have.',
  ],
  ['acme/web on:check actor:ada', 'This rule can never match: actor: asks for what a check does not have.'],
  [
    'acme/web on:pull_request,release event:push',
    'This rule can never match: event: asks for what a pull request or a release does not have.',
  ],
  [
    'acme/web on:check,release env:prod',
    'This rule can never match: env: asks for what a check or a release does not have.',
  ],
  [
    'acme/web on:release state:success',
    'This rule can never match: only a deployment has a state. Add deployment to on:.',
  ],
  ['acme/web env:prod -env:P*', 'This rule can never match: what env: asks for, -env: excludes.'],
  ['acme/web on:deployment -env:*', 'This rule can never match: what env: asks for, -env: excludes.'],
  ['acme/web state:failure -state:failure', 'This rule can never match: what state: asks for, -state: excludes.'],
  [
    'acme/web -state:queued,pending,waiting,in_progress,success,failure,error,inactive',
    'This rule can never match: what state: asks for, -state: excludes.',
  ],
  ['acme/web event:push -event:p*', 'This rule can never match: what event: asks for, -event: excludes.'],
];

describe('a rule', () => {
  test.each(RULES)('%s is read, and kept as %s', (typed, kept) => {
    const { rule } = readRule(typed);

    expect(printRule(rule)).toBe(kept);
    expect(neverMatches(rule)).toBeNull();
    expect(readRule(kept).rule).toEqual(rule);
  });

  test.each(PROBLEMS)('%j is refused, with a mark under %j', (typed, marked, words) => {
    const parsed = parseRule(typed);

    if (parsed.kind === 'rule') throw new Error(`It was read as ${printRule(parsed.rule)}`);
    const { start, end } = parsed.problem.at;
    expect(typed.slice(start, end)).toBe(marked);
    expect(ruleProblemWords(parsed.problem)).toBe(words);
  });

  test.each(NEVER)('%s is read with a warning', (typed, words) => {
    const reason = neverMatches(readRule(typed).rule);

    expect(reason && neverWords(reason)).toBe(words);
  });

  test('that is too long, or has too many patterns, is refused with what to do instead', () => {
    const long = parseRule(`acme/web branch:${'x'.repeat(500)}`);
    const wide = parseRule(`acme/web branch:${'x'.repeat(201)}`);
    const many = parseRule(`acme/web branch:${Array.from({ length: 41 }, (_, index) => `b${index}`).join(',')}`);

    expect([long, wide, many].map((parsed) => parsed.kind === 'problem' && ruleProblemWords(parsed.problem))).toEqual([
      'A rule has at most 500 characters. Write several rules instead: one that fits is enough.',
      'A value of branch: has at most 200 characters. Use * for a part of it.',
      'A rule has at most 40 patterns. Write several rules instead: one that fits is enough.',
    ]);
  });

  test('with a character that cannot be seen is refused where it stands', () => {
    const parsed = parseRule('acme/web branch:ma\u200bin');

    expect(parsed).toMatchObject({
      kind: 'problem',
      problem: { kind: 'strange-character', at: { start: 18, end: 19 } },
    });
  });

  test('that cannot be read is shown with a marker under the word, cut around it where it is long', () => {
    const short = 'acme/web brnch:main';
    const parsed = parseRule(short);
    if (parsed.kind === 'rule') throw new Error('It was read');
    const shown = readable(ruleProblemMessage(short, parsed.problem));

    expect(shown).toContain('acme/web brnch:main\n         ^^^^^');
    const [line, marker] = markedLines(`${'a'.repeat(200)} bad word`, { at: { start: 201, end: 204 } });
    expect(line.slice(marker.indexOf('^'), marker.lastIndexOf('^') + 1)).toBe('bad');
    expect(line.length).toBeLessThan(110);
  });

  test('calls a handle of any letters, and is read again as it was printed', () => {
    const handle = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(handle, { minLength: 1, maxLength: 4 }), (handles) => {
        const parsed = parseRule(`acme/web mention:${handles.map((each) => `@${each}`).join(',')}`);
        if (parsed.kind === 'problem') return;
        expect(readRule(printRule(parsed.rule)).rule).toEqual(parsed.rule);
      }),
      { numRuns: 1_000, seed: 20_261_128 },
    );
  });

  test('is printed as it is read, whatever it is made of', () => {
    const state = { read: 0 };

    fc.assert(
      fc.property(ruleLines(), (typed) => {
        const parsed = parseRule(typed);
        if (parsed.kind === 'problem') return;
        state.read += 1;
        const kept = printRule(parsed.rule);
        expect(readRule(kept).rule).toEqual(parsed.rule);
        expect(printRule(readRule(kept).rule)).toBe(kept);
      }),
      { numRuns: 2_000, seed: 20_261_128 },
    );
    expect(state.read).toBeGreaterThan(300);
  });
});

function readRule(typed: string) {
  const parsed = parseRule(typed);
  if (parsed.kind === 'problem') throw new Error(ruleProblemWords(parsed.problem));
  return parsed;
}
