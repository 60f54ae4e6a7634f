import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { CONFIG_VARIABLES, heldSecrets, loadConfig, loadDatabaseUrl, loadIngest, loadModels } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';
import { anEnvironment } from './support/environment.ts';

const root = path.resolve(import.meta.dirname, '..');

function problemsOf(environment: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the configuration', () => {
  test('without DATABASE_URL and REDIS_URL it is the embedded database and queue', () => {
    const config = loadConfig(anEnvironment());

    expect(config.database).toMatchObject({ url: null, dataDir: '.cortex' });
    expect(config.redis.url).toBeNull();
  });

  test('every mistake is reported at once, by variable name', () => {
    const problems = problemsOf({ PORT: 'web', GITHUB_API_URL: 'ftp://example.com', NODE_ENV: 'production' });

    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual([
      'DATABASE_URL',
      'GITHUB_API_URL',
      'PORT',
      'REDIS_URL',
      'SLACK_CLIENT_ID',
      'SLACK_CLIENT_SECRET',
      'SLACK_SIGNING_SECRET',
      'SLACK_STATE_SECRET',
      'TOKEN_ENCRYPTION_KEY',
    ]);
  });

  test('the GitHub App stands here as a whole, or not at all', () => {
    const none = { GITHUB_APP_ID: undefined, GITHUB_PRIVATE_KEY: undefined, GITHUB_WEBHOOK_SECRET: undefined };

    expect(loadConfig(anEnvironment(none)).github).toMatchObject({ appId: null, privateKey: null, webhookSecrets: [] });
    expect(problemsOf(anEnvironment({ ...none, GITHUB_APP_ID: '12' }))).toEqual([
      'GITHUB_PRIVATE_KEY is required beside the other keys of the GitHub App',
      'GITHUB_WEBHOOK_SECRET is required beside the other keys of the GitHub App',
    ]);
  });

  test('production refuses the embedded database and queue', () => {
    expect(problemsOf(anEnvironment({ NODE_ENV: 'production' }))).toEqual([
      'DATABASE_URL is required in production: the embedded one is for trials on one machine',
      'REDIS_URL is required in production: the embedded one is for trials on one machine',
    ]);
  });

  test.each([
    ['DATABASE_URL', { REDIS_URL: 'redis://127.0.0.1:6379' }],
    ['REDIS_URL', { DATABASE_URL: 'postgres://127.0.0.1/cortex' }],
  ])('one of the two services alone is refused: %s is missing', (missing, changes) => {
    expect(problemsOf(anEnvironment(changes))).toEqual([expect.stringContaining(`${missing} is missing: set both`)]);
  });

  test.each([
    ['TOKEN_ENCRYPTION_KEY', 'c2hvcnQ=', 'must be 32 bytes in base64'],
    ['GITHUB_PRIVATE_KEY', 'not a key', 'must be the RSA private key of the GitHub App'],
    ['SLACK_SIGNING_SECRET', 'short', 'must have at least 20 characters'],
    ['SLACK_API_URL', 'http://slack.example.com/api/', 'must be https, except on localhost'],
    ['GITHUB_INSTALLATION_LINKS', 'acme=12', 'must be WORKSPACE:INSTALLATION pairs'],
    ['DATABASE_URL', 'mysql://localhost/x', 'is not valid'],
    ['WORKER_CONCURRENCY', '0', 'is not valid'],
    ['OLLAMA_BASE_URL', 'http://ollama.example.com:11434', 'must be https, except for this machine'],
    ['OLLAMA_BASE_URL', 'http://169.254.169.254', 'must be https, except for this machine'],
    ['OLLAMA_BASE_URL', 'http://8.8.8.8:11434', 'must be https, except for this machine'],
    ['OLLAMA_BASE_URL', 'http://anna:secret@ollama:11434', 'must hold no user name'],
    ['MODEL_ROUTE_SMALL', 'claude-haiku-5-5', 'must be up to five PROVIDER:MODEL pairs'],
    ['MODEL_ROUTE_LARGE', 'gemini:pro', 'must be up to five PROVIDER:MODEL pairs'],
    ['MODEL_PRICES', '{"gpt":', 'must be JSON'],
    ['MODEL_PRICES', '{"gpt-6": {"input": -1, "output": 2}}', 'must be JSON'],
    ['MODEL_PRICES', '{"gpt-6": {"input": 1, "ouput": 2}}', 'must be JSON'],
    ['MODEL_BUDGET_USD', '-1', 'is not valid'],
    ['MODEL_STREAMING', 'maybe', 'is not valid'],
  ])('%s=%s is refused and the value is not repeated', (variable, value, sentence) => {
    const problems = problemsOf(anEnvironment({ [variable]: value })).filter((problem) => problem.startsWith(variable));

    expect(problems.join()).toContain(sentence);
    expect(problems.join()).not.toContain(value === '0' ? '=0' : value);
  });

  test.each([
    'http://127.0.0.1:11434',
    'http://[::1]:11434',
    'http://[fd00::7]:11434',
    'http://10.1.2.3:11434',
    'http://172.31.0.9:11434',
    'http://192.168.1.20:11434',
    'http://ollama:11434',
    'http://ollama.models.svc:11434',
    'http://gpu.internal/v1',
    'https://ollama.example.com',
  ])('Ollama may be at %s', (address) => {
    const { models } = loadConfig(anEnvironment({ OLLAMA_BASE_URL: address, OLLAMA_MODEL: 'qwen3:8b' }));

    expect(models.ollama).toEqual({ baseUrl: address, model: 'qwen3:8b' });
  });

  test('models come with routes, prices and limits', () => {
    const { models } = loadConfig(
      anEnvironment({
        OPENAI_API_KEY: 'other'.repeat(5),
        OLLAMA_BASE_URL: 'http://ollama:11434',
        OLLAMA_MODEL: 'qwen3:8b',
        MODEL_ROUTE_SMALL: 'ollama:qwen3:8b, gpt:gpt-6-luna',
        MODEL_STREAMING: 'false',
        MODEL_PRICES: '{"gpt-6*": {"input": 1, "output": 2, "cachedInput": 0.1}}',
        MODEL_BUDGET_USD: '0',
      }),
    );

    expect(models).toMatchObject({
      claude: null,
      gpt: { baseUrl: 'https://api.openai.com/v1' },
      routes: {
        small: [
          { provider: 'ollama', model: 'qwen3:8b' },
          { provider: 'gpt', model: 'gpt-6-luna' },
        ],
        large: null,
      },
      streaming: false,
      effort: 'low',
      prices: { 'gpt-6*': { input: 1, output: 2, cachedInput: 0.1 } },
      limits: { monthlyBudgetUsd: 0, callsPerHour: 200 },
    });
  });

  test.each([
    [
      { MODEL_ROUTE_LARGE: 'claude:claude-sonnet-5-5' },
      'MODEL_ROUTE_LARGE leads to claude, which needs ANTHROPIC_API_KEY',
    ],
    [{ OLLAMA_MODEL: 'qwen3:8b' }, 'OLLAMA_BASE_URL and OLLAMA_MODEL are needed together'],
  ])('half a model is refused: %j', (changes, problem) => {
    expect(problemsOf(anEnvironment(changes))).toEqual([problem]);
    expect(() => loadModels(changes)).toThrow(problem);
  });

  test('an empty variable counts as not set', () => {
    expect(loadConfig(anEnvironment({ ANTHROPIC_API_KEY: '  ', LOG_LEVEL: '' }))).toMatchObject({
      logLevel: 'info',
      models: { claude: null },
    });
  });

  test('a private key may be written on one line', () => {
    const environment = anEnvironment();
    const oneLine = environment['GITHUB_PRIVATE_KEY']?.replaceAll('\n', '\\n');

    expect(loadConfig({ ...environment, GITHUB_PRIVATE_KEY: oneLine }).github.privateKey).toBe(
      environment['GITHUB_PRIVATE_KEY'],
    );
  });

  test('links and hosts are lists', () => {
    const { github } = loadConfig(
      anEnvironment({ GITHUB_INSTALLATION_LINKS: 'T0A:1, E0B:2', GITHUB_LOG_HOSTS: 'logs.example.com,127.0.0.1:99' }),
    );

    expect(github.links).toEqual([
      { workspaceId: 'T0A', installationId: 1 },
      { workspaceId: 'E0B', installationId: 2 },
    ]);
    expect(github.logHosts).toEqual(['logs.example.com', '127.0.0.1:99']);
  });

  test.each(['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'])(
    'people sign in with both credentials or with none: %s is missing',
    (name) => {
      expect(problemsOf(anEnvironment({ [name]: undefined }))).toEqual([
        `${name} is missing: set both GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET, or neither`,
      ]);
      const none = anEnvironment({ GITHUB_CLIENT_ID: undefined, GITHUB_CLIENT_SECRET: undefined });
      expect(loadConfig(none).github.oauth).toBeNull();
    },
  );

  test('every variable that holds a secret is known to the redactor, passwords of the services included', () => {
    const environment = anEnvironment({
      METRICS_TOKEN: 'metrics'.repeat(4),
      GITHUB_WEBHOOK_SECRET_PREVIOUS: 'previous'.repeat(4),
      INGEST_KEY: 'edge'.repeat(8),
      INGEST_KEY_PREVIOUS: 'ledge'.repeat(8),
      ANTHROPIC_API_KEY: 'model'.repeat(5),
      OPENAI_API_KEY: 'other'.repeat(5),
      DATABASE_URL: `postgres://cortex:${'data'.repeat(3)}%2Fbase@db/cortex`,
      REDIS_URL: `redis://:${'cache'.repeat(3)}@redis:6379`,
    });
    const held = heldSecrets(loadConfig(environment));

    expect(held).toEqual(expect.arrayContaining([`${'data'.repeat(3)}/base`, 'cache'.repeat(3)]));
    const named = CONFIG_VARIABLES.filter((name) => /SECRET|_KEY|TOKEN/u.test(name));
    for (const name of named) expect(held.map((secret) => secret.trim())).toContain(environment[name]?.trim());
  });

  test('migrating and reading a log ask for no secret of Slack or GitHub', () => {
    expect(loadDatabaseUrl({ DATABASE_URL: 'postgres://127.0.0.1/cortex' }).url).toBe('postgres://127.0.0.1/cortex');
    expect(loadModels({})).toMatchObject({ claude: null, gpt: null, ollama: null, deadlineMs: 60_000 });
  });
});

describe('.env.example and docs/configuration.md', () => {
  test('name exactly the variables that are read', () => {
    const example = parseEnv(readFileSync(path.join(root, '.env.example'), 'utf8'));
    const documented = [
      ...readFileSync(path.join(root, 'docs/configuration.md'), 'utf8').matchAll(/^\| `([A-Z_]+)`/gmu),
    ];

    expect(Object.keys(example).sort()).toEqual([...CONFIG_VARIABLES].sort());
    expect(documented.map((match) => match[1] ?? '').sort()).toEqual([...CONFIG_VARIABLES].sort());
  });

  test('hold no secret, and a filled-in example is accepted', () => {
    const example = parseEnv(readFileSync(path.join(root, '.env.example'), 'utf8'));
    const { NODE_ENV: _environment, ...secrets } = anEnvironment({ HOST: undefined, PORT: undefined });

    expect(Object.keys(example).filter((name) => /(?:SECRET|KEY|TOKEN)/u.test(name) && example[name] !== '')).toEqual(
      [],
    );
    const filled = { ...example, ...secrets, DATABASE_URL: 'postgres://db/cortex', REDIS_URL: 'rediss://cache:6379' };
    expect(loadConfig(filled).production).toBe(true);
  });
});

describe('the configuration of the edge', () => {
  const key = randomBytes(32).toString('hex');
  const coreUrl = 'http://web:3000';
  const least = () => ({ GITHUB_WEBHOOK_SECRET: 'a-secret-of-some-length', INGEST_KEY: key, INGEST_CORE_URL: coreUrl });

  function edgeProblems(environment: Record<string, string | undefined>): readonly string[] {
    try {
      loadIngest(environment);
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
    return [];
  }

  test('asks for nothing of Slack, the database and the App', () => {
    expect(loadIngest(least())).toMatchObject({
      coreUrl,
      key,
      spoolUrl: null,
      webhookSecrets: ['a-secret-of-some-length'],
    });
    expect(edgeProblems({})).toEqual([
      'GITHUB_WEBHOOK_SECRET is required',
      'INGEST_KEY is required',
      'INGEST_CORE_URL is required',
    ]);
  });

  test.each([
    ['INGEST_KEY', 'short'],
    ['INGEST_CORE_URL', 'http://core.example.com'],
    ['INGEST_SPOOL', 'http://redis'],
  ])('%s cannot be %s', (name, value) => {
    expect(edgeProblems({ ...least(), [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name} `, 'u'))]);
  });

  test('holds its secrets back, the password of the spool among them', () => {
    const spool = `redis://:${'p'.repeat(12)}@redis:6379`;

    expect(loadIngest({ ...least(), INGEST_SPOOL: spool }).secrets).toEqual(
      expect.arrayContaining([key, 'p'.repeat(12), 'a-secret-of-some-length']),
    );
  });

  test('of the core knows the key before only beside the current one, and holds both back', () => {
    const previous = randomBytes(32).toString('hex');
    const both = loadConfig(anEnvironment({ INGEST_KEY: key, INGEST_KEY_PREVIOUS: previous }));

    expect(both.ingest.keys).toEqual([key, previous]);
    expect(heldSecrets(both)).toEqual(expect.arrayContaining([key, previous]));
    expect(problemsOf(anEnvironment({ INGEST_KEY_PREVIOUS: previous }))).toEqual([
      expect.stringContaining('INGEST_KEY is missing'),
    ]);
  });
});
