import { describe, expect, test } from '@jest/globals';
import { redactor } from '../support.ts';
import { join, mixed } from './samples.ts';

const secret = join(mixed(9), '7Q', mixed(9));

/** `%` stands for the secret. */
const PLACES: ReadonlyArray<readonly [string, string]> = [
  ['an object without quotes', '{user: ci, password: %}'],
  ['an object as Java prints it', 'Config(user=x, apiKey=%)'],
  ['an object as Rust prints it', 'Config { api_key: Some("%") }'],
  ['a string as Python 2 prints it', "{u'api_key': u'%'}"],
  ['bytes as Python prints them', "secret_key=b'%'"],
  ['the environment of PostgreSQL', 'PGPASSWORD=% psql -c "select 1"'],
  ['a header as Go prints it', 'authorization: [Bearer %]'],
  ['npm', 'npm config set //registry.npmjs.org/:_authToken %'],
  ['keytool', 'keytool -list -storepass %'],
  ['openssl', 'openssl enc -aes-256-cbc -pass pass:% -in x'],
  ['twine', 'twine upload -u ci -p % dist/x.whl'],
  ['nuget', 'dotnet nuget push x.nupkg -k % -s y'],
  ['codecov', './codecov -t % -f out.xml'],
  ['cargo', 'cargo login %'],
  ['chpasswd', 'echo "root:%" | sudo chpasswd'],
  ['what GitHub is told to hide', 'echo ::add-mask::%'],
  ['what Azure is told to hide', '##vso[task.setvariable variable=x;issecret=true]%'],
  ['MySQL', "CREATE USER x IDENTIFIED BY '%'"],
  ['PostgreSQL', "ALTER USER x WITH PASSWORD '%'"],
  ['a sentence', 'The password is %'],
  ['a sentence with quotes', 'Using password "%"'],
  ['a table', '| DB_PASSWORD | % |'],
  ['columns', 'token                %'],
  ['tabs', 'API_TOKEN\t%'],
];

describe('what stands beside a name or a flag', () => {
  test.each(PLACES)('goes: %s', async (_, template) => {
    const [line = ''] = await redactor.lines([template.replace('%', () => secret)]);

    expect(line.replace(/\[redacted:(?:secret-variable|authorization):\w{4}\]/u, '%')).toBe(template);
  });

  test.each([
    "self.connect(username='ana', password=pwd)",
    'client = Client(api_key=settings_key)',
    'sign(token=userToken)',
    'password -> String',
    ' * [new branch]   k8s-credentials -> origin/k8s-credentials',
    'Unexpected token Utf8StringLiteral3',
    'PASS TestTokenIsChecked2ndTime',
    'token cache-Linux-x64-node20-Build2',
    "ERROR 1045: Access denied for user 'x'@'y' (using password: YES)",
    'twine upload --skip-existing dist/*',
    'codecov -t -f out.xml',
    '##vso[task.setvariable variable=x]value-of-it-1A',
  ])('stays: %s', async (line) => {
    expect(await redactor.lines([line])).toEqual([line]);
  });
});
