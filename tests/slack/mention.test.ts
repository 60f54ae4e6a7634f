import { describe, expect, test } from '@jest/globals';
import { readMention } from '../../src/slack/mention.ts';
import { THE_SITE } from '../support/github-servers.ts';

const read = (said: string) => readMention(`<@U0BOT0ACME> ${said}`, THE_SITE);

describe('what people say to us in a channel', () => {
  test.each([
    ['', null],
    ['?', null],
    ['why?', null],
    ['why did it fail?', null],
    ['why did this fail', null],
    ['what happened?', null],
    ['what broke', null],
    ['explain this', null],
    ['why did main fail?', { kind: 'called', name: 'main', isVague: false }],
    ['Why did `main` fail?', { kind: 'called', name: 'main', isVague: false }],
    ['hey, why is the release/2.x branch failing again?', { kind: 'called', name: 'release/2.x', isVague: false }],
    ['why did the build fail?', { kind: 'called', name: 'build', isVague: true }],
    ['why did CI break', { kind: 'called', name: 'CI', isVague: true }],
    ['why CI fails', { kind: 'called', name: 'CI', isVague: true }],
    ['why isn’t main passing?', { kind: 'called', name: 'main' }],
    ['what broke the deploy to production?', { kind: 'called', name: 'deploy to production', isVague: false }],
    ['what’s wrong with web?', { kind: 'called', name: 'web', isVague: false }],
    ['why did "Deploy to production" fail on main?', { kind: 'called', name: 'Deploy to production', branch: 'main' }],
    [
      'why did Deploy fail on main in acme/web?',
      { kind: 'called', name: 'Deploy', branch: 'main', repository: 'acme/web' },
    ],
    ['why did main in Acme/Web fail?', { kind: 'called', name: 'main', repository: 'acme/web' }],
    ['why did it fail on main?', { kind: 'channel', branch: 'main' }],
    ['why did it fail on main in acme/web?', { kind: 'latest', repository: 'acme/web', branch: 'main' }],
    ['summarize acme/web', { kind: 'called', name: 'acme/web' }],
    ['acme/web', { kind: 'called', name: 'acme/web' }],
    ['main?', { kind: 'called', name: 'main' }],
    ['acme/web@main', { kind: 'latest', repository: 'acme/web', branch: 'main' }],
    ['why did acme/web#12 fail?', { kind: 'pull-request', repository: 'acme/web', number: 12 }],
    [
      'look at <https://github.com/acme/web/actions/runs/77/job/5|this run>?',
      { kind: 'run', repository: 'acme/web', runId: 77, attempt: null },
    ],
    [
      'what happened here https://github.com/acme/web/pull/9. cc <@U0ADA>',
      { kind: 'pull-request', repository: 'acme/web', number: 9 },
    ],
  ])('%s', (said, target) => {
    expect(read(said)).toMatchObject({ kind: 'summarize', target });
  });

  test.each([
    ['status', { kind: 'status', word: undefined }],
    ['Status?', { kind: 'status', word: undefined }],
    ['status of acme/web please', { kind: 'status', word: 'acme/web' }],
    ['flaky acme/web', { kind: 'flaky', word: 'acme/web' }],
    ['help', { kind: 'help' }],
    ['thanks!', { kind: 'unclear' }],
    ['can you order pizza', { kind: 'unclear' }],
    ['https://gitlab.example/acme/web', { kind: 'unreadable' }],
  ])('%s', (said, mention) => {
    expect(read(said)).toMatchObject(mention);
  });

  test('markup of Slack in it is text, and a long message costs little', () => {
    expect(read('why did &lt;main&gt; &amp; co fail?')).toMatchObject({ target: { name: '<main> & co' } });
    const startedAt = performance.now();
    read(`why did ${'is failing '.repeat(20_000)}`);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});
