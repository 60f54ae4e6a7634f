// Tokens of the right shape and without meaning, put together at run time, so that no scanner takes these files for a leak.

/** Characters of `alphabet`, mixed well and the same on every run. */
export function mixed(length: number, alphabet = 'aB3dE5gH7jK9mN1pQ2sT4vW6yZ8bC0fGxRuLoX'): string {
  let state = length * 7919 + alphabet.length;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor(state / 65_536) % alphabet.length];
  }).join('');
}

export const hex = (length: number): string => mixed(length, '0123456789abcdef');
export const upper = (length: number): string => mixed(length, 'ABCDEFGHJKLMNPQRSTUVWXYZ234567');
export const digits = (length: number): string => mixed(length, '123456789');
export const lower = (length: number): string => mixed(length, 'abcdefghijklmnopqrstuvwxyz0123456789');
export const join = (...parts: string[]): string => parts.join('');

const part = (text: string): string => Buffer.from(text).toString('base64url');
export const jwt = join(part('{"alg":"RS256","typ":"JWT"}'), '.', part(`{"iss":"${mixed(40)}"}`), '.', mixed(86));

/** A line of a PEM key: what stands at its beginning or end. */
export const armor = (end: 'BEGIN' | 'END', kind = 'RSA '): string =>
  join('-----', end, ' ', kind, 'PRIVATE', ' KEY-----');

/** Each format with one token of it. */
export const TOKENS: ReadonlyArray<readonly [kind: string, name: string, token: string]> = [
  ['github-token', 'GitHub classic', join('gh', 'p_', mixed(36))],
  ['github-token', 'GitHub OAuth', join('gh', 'o_', mixed(36))],
  ['github-token', 'GitHub user to server', join('gh', 'u_', mixed(36))],
  ['github-token', 'GitHub refresh', join('gh', 'r_', mixed(76))],
  ['github-token', 'GitHub installation, before 2026', join('gh', 's_', mixed(36))],
  ['github-token', 'GitHub installation', join('gh', 's_', digits(7), '_', jwt, mixed(250))],
  ['github-token', 'GitHub fine-grained', join('github', '_pat_', mixed(22), '_', mixed(59))],
  ['gitlab-token', 'GitLab personal', join('gl', 'pat-', mixed(20))],
  ['gitlab-token', 'GitLab runner', join('gl', 'rt-', 't1_', mixed(20))],
  ['gitlab-token', 'GitLab job', join('gl', 'cbt-', '64_', mixed(20))],
  ['slack-token', 'Slack bot', join('xo', 'xb-', digits(12), '-', digits(13), '-', mixed(24))],
  ['slack-token', 'Slack user', join('xo', 'xp-', digits(12), '-', digits(12), '-', digits(13), '-', hex(32))],
  ['slack-token', 'Slack app', join('xa', 'pp-', '1-A', upper(10), '-', digits(13), '-', hex(64))],
  ['slack-token', 'Slack refresh', join('xo', 'xe-', '1-', mixed(140))],
  ['slack-token', 'Slack rotated', join('xo', 'xe.xo', 'xb-1-', mixed(160))],
  [
    'slack-webhook',
    'Slack webhook',
    join('https://hooks.', 'slack.com/services/', 'T', upper(9), '/B', upper(9), '/', mixed(24)),
  ],
  [
    'slack-webhook',
    'Slack workflow',
    join('https://hooks.', 'slack.com/workflows/', 'T', upper(9), '/A', upper(9), '/', digits(18), '/', mixed(24)),
  ],
  [
    'teams-webhook',
    'Teams webhook',
    join('https://shop.webhook.', 'office.com/webhookb2/', hex(36), '@', hex(36), '/IncomingWebhook/', hex(32)),
  ],
  ['discord-webhook', 'Discord webhook', join('https://discord.', 'com/api/webhooks/', digits(18), '/', mixed(68))],
  ['discord-token', 'Discord bot', join('Bot ', 'MT', mixed(24), '.', mixed(6), '.', mixed(38))],
  ['telegram-token', 'Telegram', join(digits(10), ':AA', mixed(33))],
  ['aws-key', 'AWS access key', join('AK', 'IA', upper(16))],
  ['aws-key', 'AWS temporary key', join('AS', 'IA', upper(16))],
  ['aws-key', 'AWS Bedrock', join('AB', 'SK', mixed(128), '=')],
  ['aws-session-token', 'AWS session', join('IQoJ', 'b3JpZ2lu', mixed(300))],
  ['google-key', 'Google API key', join('AI', 'za', mixed(35))],
  ['google-token', 'Google OAuth', join('ya', '29.', mixed(120))],
  ['google-token', 'Google client secret', join('GOC', 'SPX-', mixed(28))],
  ['google-token', 'Google refresh', join('1/', '/0', mixed(60))],
  ['azure-secret', 'Entra client secret', join(mixed(3), '8', 'Q~', mixed(34))],
  ['azure-secret', 'Azure DevOps', join(mixed(76), 'AZ', 'DO', mixed(4))],
  ['npm-token', 'npm', join('np', 'm_', mixed(36))],
  ['pypi-token', 'PyPI', join('py', 'pi-', 'AgEIcHlwaS5vcmc', mixed(150))],
  ['rubygems-key', 'RubyGems', join('rub', 'ygems_', hex(48))],
  ['nuget-key', 'NuGet', join('oy', '2', lower(43))],
  ['cargo-token', 'crates.io', join('ci', 'o', mixed(32))],
  ['clojars-token', 'Clojars', join('CLO', 'JARS_', lower(60))],
  ['docker-token', 'Docker Hub', join('dck', 'r_pat_', mixed(27))],
  ['terraform-token', 'Terraform Cloud', join(mixed(14), '.atlas', 'v1.', mixed(67))],
  ['vault-token', 'Vault', join('hv', 's.', mixed(95))],
  ['doppler-token', 'Doppler', join('dp', '.pt.', mixed(43))],
  ['doppler-token', 'Doppler service', join('dp', '.st.prd.', mixed(43))],
  ['pulumi-token', 'Pulumi', join('pu', 'l-', hex(40))],
  ['openshift-token', 'OpenShift', join('sha', '256~', mixed(43))],
  ['sentry-token', 'Sentry user', join('snt', 'ryu_', hex(64))],
  ['sentry-token', 'Sentry organisation', join('snt', 'rys_', mixed(150), '_', mixed(43))],
  ['new-relic-key', 'New Relic', join('NR', 'AK-', upper(27))],
  ['grafana-token', 'Grafana service account', join('gl', 'sa_', mixed(32), '_', hex(8))],
  ['grafana-token', 'Grafana Cloud', join('gl', 'c_', mixed(120))],
  ['dynatrace-token', 'Dynatrace', join('dt0', 'c01.', upper(24), '.', upper(64))],
  ['stripe-key', 'Stripe secret', join('sk', '_live_', mixed(99))],
  ['stripe-key', 'Stripe restricted', join('rk', '_test_', mixed(24))],
  ['webhook-secret', 'Stripe webhook', join('whs', 'ec_', mixed(32))],
  ['twilio-key', 'Twilio', join('S', 'K', hex(32))],
  ['sendgrid-key', 'SendGrid', join('S', 'G.', mixed(22), '.', mixed(43))],
  ['mailgun-key', 'Mailgun', join('ke', 'y-', hex(32))],
  ['mailchimp-key', 'Mailchimp', join(hex(32), '-us', '21')],
  ['anthropic-key', 'Anthropic', join('sk', '-ant-', 'api03-', mixed(93), 'AA')],
  ['openai-key', 'OpenAI project', join('sk', '-proj-', mixed(74), 'T3Bl', 'bkFJ', mixed(74))],
  ['openai-key', 'OpenAI', join('sk', '-', mixed(20), 'T3Bl', 'bkFJ', mixed(20))],
  ['api-key', 'OpenRouter', join('sk', '-or-', 'v1-', hex(64))],
  ['api-key', 'DeepSeek', join('sk', '-', hex(32))],
  ['huggingface-token', 'Hugging Face', join('h', 'f_', mixed(34))],
  ['replicate-token', 'Replicate', join('r', '8_', mixed(37))],
  ['groq-key', 'Groq', join('gs', 'k_', mixed(52))],
  ['nvidia-key', 'NVIDIA', join('nv', 'api-', mixed(64))],
  ['databricks-token', 'Databricks', join('da', 'pi', hex(32))],
  ['planetscale-token', 'PlanetScale', join('psc', 'ale_tkn_', mixed(43))],
  ['supabase-key', 'Supabase', join('sb', 'p_', hex(40))],
  ['linear-key', 'Linear', join('lin', '_api_', mixed(40))],
  ['notion-token', 'Notion', join('nt', 'n_', mixed(46))],
  ['notion-token', 'Notion, before 2024', join('sec', 'ret_', mixed(43))],
  ['figma-token', 'Figma', join('fi', 'gd_', mixed(43))],
  ['atlassian-token', 'Atlassian', join('AT', 'ATT3x', mixed(180), '=', upper(8))],
  ['atlassian-token', 'Bitbucket', join('AT', 'BB', mixed(32))],
  ['shopify-token', 'Shopify', join('sh', 'pat_', hex(32))],
  ['square-token', 'Square', join('sq', '0csp-', mixed(43))],
  ['paypal-token', 'Braintree', join('access_', 'token$production$', lower(16), '$', hex(32))],
  ['cloudflare-token', 'Cloudflare', join('cf', 'ut_', mixed(40), hex(8))],
  ['heroku-key', 'Heroku', join('HR', 'KU-', 'AA', mixed(58))],
  ['netlify-token', 'Netlify', join('nf', 'p_', mixed(40))],
  ['vercel-token', 'Vercel', join('vc', 'p_', mixed(24))],
  ['fly-token', 'Fly', join('fo', '1_', mixed(43))],
  ['fly-token', 'Fly macaroon', join('fm', '2_', mixed(120))],
  ['digitalocean-token', 'DigitalOcean', join('do', 'p_v1_', hex(64))],
  ['tailscale-key', 'Tailscale', join('ts', 'key-auth-', mixed(16), '-', mixed(32))],
  ['1password-token', '1Password', join('op', 's_eyJ', mixed(300))],
  ['artifactory-token', 'Artifactory', join('AK', 'Cp', mixed(69))],
  ['sonar-token', 'Sonar', join('sq', 'p_', hex(40))],
  ['postman-key', 'Postman', join('PM', 'AK-', hex(24), '-', hex(34))],
  ['circleci-token', 'CircleCI', join('CCI', 'PAT_', mixed(22), '_', hex(40))],
  ['buildkite-token', 'Buildkite', join('bk', 'ua_', hex(40))],
  ['age-key', 'age', join('AGE-SECRET', '-KEY-1', upper(58))],
  ['vault-token', 'Vault, before 1.10', join('vault s', '.', mixed(24))],
  ['scalingo-token', 'Scalingo', join('tk', '-us-', mixed(48))],
  ['brevo-key', 'Brevo', join('xkey', 'sib-', hex(64), '-', mixed(16))],
  ['duffel-token', 'Duffel', join('duf', 'fel_live_', mixed(43))],
  ['flutterwave-key', 'Flutterwave', join('FLW', 'SECK_TEST-', hex(32), '-X')],
  ['shippo-token', 'Shippo', join('ship', 'po_live_', hex(40))],
  ['octopus-key', 'Octopus', join('AP', 'I-', upper(26))],
  ['maxmind-key', 'MaxMind', join(mixed(6), '_', mixed(29), '_m', 'mk')],
  ['typeform-token', 'Typeform', join('tf', 'p_', mixed(59))],
  ['dropbox-token', 'Dropbox', join('sl', '.', mixed(135))],
  ['plaid-token', 'Plaid', join('access', '-sandbox-', hex(8), '-', hex(4), '-', hex(4), '-', hex(4), '-', hex(12))],
  ['jwt', 'JSON web token', jwt],
];
