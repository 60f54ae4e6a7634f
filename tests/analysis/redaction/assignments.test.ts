import { describe, expect, test } from '@jest/globals';
import { redactor } from '../support.ts';
import { armor, hex, join, jwt, mixed } from './samples.ts';

const secret = mixed(22);
const pair = Buffer.from(`ana:${mixed(12)}`).toString('base64');

/** `%` stands for the secret. */
const PLACES: ReadonlyArray<readonly [string, string]> = [
  ['shell', 'DB_PASSWORD=%'],
  ['shell, exported', "export API_KEY='%'"],
  ['env dump of GitHub', '  NPM_TOKEN: %'],
  ['trace of bash', "+ STRIPE_KEY='%'"],
  ['PowerShell', '$env:API_KEY = "%"'],
  ['PowerShell secure string', '$p = ConvertTo-SecureString "%" -AsPlainText -Force'],
  ['cmd', 'set CLIENT_SECRET=%'],
  ['setx', 'setx ACCESS_TOKEN %'],
  ['fish', 'set -gx ACCESS_TOKEN %'],
  ['Dockerfile ARG', 'Step 3/9 : ARG NPM_TOKEN=%'],
  ['Dockerfile ENV', 'Step 4/9 : ENV NPM_TOKEN %'],
  ['BuildKit', '#9 [4/9] RUN GITHUB_TOKEN=% make'],
  ['YAML', '    clientSecret: %'],
  ['YAML, quoted', "    password: '%'"],
  ['JSON', '{"accessToken": "%", "expires": 3600}'],
  ['JSON in JSON', '{\\"accessToken\\":\\"%\\"}'],
  ['JSON with a list of variables', '{"name": "API_TOKEN", "value": "%"}'],
  ['TOML', 'secret_key = "%"'],
  ['properties', 'spring.datasource.password=%'],
  ['Gradle', 'signing.password = %'],
  ['Terraform', '  + admin_password = "%"'],
  ['XML element', '<password>%</password>'],
  ['XML attribute', '<server password="%" />'],
  ['XML setting', '<add key="ApiKey" value="%" />'],
  ['Maven settings', '<privateKey>%</privateKey>'],
  ['Ruby hash', ':password => "%"'],
  ['PHP array', "'secret' => '%',"],
  ['Go struct', 'Token:"%"'],
  ['Python keyword', 'connect(host="db", password="%")'],
  ['query', 'GET /a?page=2&access_token=%&b=1'],
  ['query, encoded', 'GET /login?next=%2Fa%3Fapi_key%3D%'],
  ['flag with a space', 'deploy --token %'],
  ['flag with equals', 'docker login --password=%'],
  ['flag with a prefix', 'mvn -q --sonar.token=% verify'],
  ['flag in a list', "['deploy', '--client-secret', '%']"],
  ['docker login -p', 'docker login -u ana -p % registry.example'],
  ['mysql -p', 'mysql -h db -uroot -p% shop'],
  ['redis-cli -a', 'redis-cli -h cache -a % ping'],
  ['sshpass', 'sshpass -p % ssh host'],
  ['curl -u', 'curl -s -u ana:% https://x.example'],
  ['echo into a login', 'echo "%" | docker login -u ana --password-stdin'],
  ['connection string', 'Server=db;User Id=app;Password=%;Encrypt=true'],
  ['Azure storage', 'DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=%==;EndpointSuffix=core'],
  ['Azure service bus', 'Endpoint=sb://x/;SharedAccessKeyName=all;SharedAccessKey=%='],
  ['Azure SAS', 'https://shop.blob.core.windows.net/a?sv=2024&sig=%%3D&se=2026'],
  ['presigned URL', 'https://s3.example/a?X-Amz-Date=1&X-Amz-Signature=%&x=1'],
  ['download that is signed for a time', 'https://d.example/jdk.tar.gz?AuthParam=% [following]'],
  ['AWS profile', 'aws_secret_access_key = %'],
  ['AWS session', 'AWS_SESSION_TOKEN=%'],
  ['Datadog', 'DD_API_KEY=%'],
  ['personal access token', 'AZURE_DEVOPS_EXT_PAT=%'],
  ['property of Java', 'java -Dpassword=% -jar app.jar'],
  ['Sonar', 'mvn -Dsonar.login=% verify'],
  ['Cohere', 'COHERE_API_KEY: %'],
  ['Fastly', 'Fastly-Key: %'],
  ['Snowflake', 'SNOWFLAKE_PASSWORD=%'],
  ['.netrc', 'machine api.example login ana password %'],
  ['.netrc over lines', '  password %'],
  ['.npmrc', '//registry.npmjs.org/:_authToken=%'],
  ['URL', 'git clone https://ana:%@git.example/x.git'],
  ['URL with a token alone', 'git clone https://%@git.example/x.git'],
  ['database URL', 'DATABASE=postgres://app:%@db:5432/shop'],
  ['URL, encoded', 'redirect=https%3A%2F%2Fana%3A%%40git.example%2Fx'],
  ['Sentry DSN', `https://${hex(4)}%@o1.ingest.sentry.io/2`],
  ['bearer header', 'Authorization: Bearer %'],
  ['header in JSON', '"authorization":"token %"'],
  ['header of GitLab', 'PRIVATE-TOKEN: %'],
  ['header of an API key', "-H 'X-Api-Key: %'"],
  ['cookie', 'Cookie: theme=dark; session=%'],
  ['set-cookie', 'Set-Cookie: sid=%; Path=/; HttpOnly'],
  ['curl trace', '> Cookie: sid=%'],
];

describe('what a name, a flag or a place says', () => {
  test.each(PLACES)('the secret goes: %s', async (_, template) => {
    const [line = ''] = await redactor.lines([template.replace(/%(?![0-9A-F]{2})/u, () => secret)]);

    expect(line).not.toContain(secret.slice(0, 12));
    expect(line).toContain('[redacted:');
    expect(await redactor.lines([line])).toEqual([line]);
  });

  test.each([
    ['Docker', `{"auths":{"registry.example":{"auth": "${pair}"}}}`, pair],
    ['.npmrc', `//registry.example/:_auth=${pair}`, pair],
    ['basic header', `authorization: basic ${pair}`, pair],
    ['kubectl', `    client-key-data: ${Buffer.from(armor('BEGIN')).toString('base64')}`, 'LS0tLS1'],
    [
      'a service account of Google',
      `"private_key": "${armor('BEGIN', '')}\\n${mixed(64)}\\n${armor('END', '')}\\n"`,
      mixed(64),
    ],
    ['a session of Flask', `Set-Cookie: session=${jwt}; Path=/`, jwt.slice(0, 30)],
  ])('a value that only its encoding gives away goes: %s', async (_, text, gone) => {
    const [line = ''] = await redactor.lines([text]);

    expect(line).not.toContain(gone);
    expect(line).toContain('[redacted:');
  });

  test('names, attributes and what stands around a secret stay', async () => {
    const [line] = await redactor.lines([`Set-Cookie: sid=${secret}; Path=/; Expires=Sat, 11 Apr 2026; HttpOnly`]);

    expect(line).toMatch(/^Set-Cookie: sid=\[redacted:cookie:\w{4}\]; Path=\/; Expires=Sat, 11 Apr 2026; HttpOnly$/u);
  });
});

const HARMLESS: ReadonlyArray<string> = [
  'test_password_reset PASSED',
  'ok 12 - password is hashed (3 ms)',
  'FAIL tests/token.test.ts > refresh token > expires after an hour',
  'PASS src/secret/manager.spec.ts',
  'secret: true',
  'required: [password, token]',
  'password: ${{ secrets.DB_PASSWORD }}',
  'TOKEN=$TOKEN make',
  'TOKEN=${CI_JOB_TOKEN} make',
  'env: PASSWORD=%PASSWORD%',
  'password = var.db_password',
  'token: ***',
  'token=[secure]',
  'https://bot:[MASKED]@gitlab.example/x.git',
  'https://bot:***@gitlab.example/x.git',
  'https://${USER}:${TOKEN}@gitlab.example/x.git',
  'AUTHORIZATION: basic ***',
  'Authorization: Bearer $TOKEN',
  'add the header "Authorization: Bearer <token>"',
  'Usage: deploy [--token string] [--password string]',
  '  --token string     the token to use',
  'docker run -p 8080:80 -u 1000:1000 nginx',
  'mkdir -p build/output',
  'ssh -p 2222 host',
  'git clone git@github.com:shop/shop.git',
  'npm install left-pad@1.3.0 @scope/name@^2.0.0',
  'actions/cache@0c45773b623bea8c8e75f6c82b208c3cf94ea4f9',
  `commit ${hex(40)}`,
  `Digest: sha256:${hex(64)}`,
  `node@sha256:${hex(64)}`,
  `"integrity": "sha512-${join(mixed(86), '==')}"`,
  `  integrity sha512-${join(mixed(86), '==')}`,
  `--hash=sha256:${hex(64)}`,
  `github.com/x/y v1.2.3 h1:${join(mixed(43), '=')}`,
  'request 123e4567-e89b-12d3-a456-426614174000 failed',
  'Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089',
  'DEBUG app.credentials: credentials.py:1975 looking',
  "TypeError: Cannot read properties of undefined (reading 'token')",
  'error[E0433]: failed to resolve: use of undeclared type `Token`',
  'SyntaxError: Unexpected token < in JSON at position 0',
  'Parse error: unexpected token: identifier',
  'keyboard: us, monkey: none, key: value',
  'primary_key: id, foreign_key: order_id, cache-key: linux-node-24',
  'token_type: bearer',
  'bearer authentication is not enabled',
  'max_tokens: 4096, total_tokens=8211',
  'PASS: 12, FAIL: 3, pass=12',
  'com.example.auth.TokenFilter: /api/v1/token',
  'password-stdin',
  'at PasswordService.check (/srv/app/password.js:14:7)',
  'tests/test_auth.py::test_token[expired-token] FAILED',
  'see https://docs.example/password?section=reset',
  'cookie: none',
  'Set-Cookie header is missing',
  'sig: (int, str) -> bool',
  'user=ana host=db port=5432',
  'ServerTrustPolicyExplorationBasicX509PolicyValidationTestCase',
  'noreply@github.com',
  'room test@conference.localhost created',
  'frame system@framework@boot.art + 0x50f2c7',
];

test.each(HARMLESS)('"%s" stays', async (line) => {
  expect(await redactor.lines([line])).toEqual([line]);
});

test('a file of settings with a key over many lines keeps its other lines', async () => {
  const lines = ['tls:', '  cert: |', `    ${join('-----BEGIN ', 'CERTIFICATE-----')}`, '  name: shop'];

  expect(await redactor.lines(lines)).toEqual(lines);
});
