import { expect, test } from '@jest/globals';
import { redactor } from '../support.ts';

test.each([
  'mail to ana@shop.io now',
  'user.email=ana@shop.io',
  'GIT_AUTHOR_EMAIL=ana@shop.io',
  'mailto:ana@shop.io',
  'To:ana@shop.io',
  'https://x.example/?mail=ana@shop.io&b=1',
  'mail ana@163.com now',
  'Author: Ana <ana@büro.io>',
  'Author: Zoë <zoë@shop.io>',
])('the address goes: %s', async (line) => {
  const [clean = ''] = await redactor.lines([line]);

  expect(clean).toMatch(/\[redacted:email:\w{4}\]/u);
  expect(clean).not.toMatch(/ana@|zoë@/u);
});

test.each([
  // Each checkout in an organisation prints it.
  'git config --global --add url.https://github.com/.insteadOf org-59721688@github.com:',
  'hostname: 148af308-ee42-46a3-bec4-1031fd4328a9@1.i-08c284e-production-2-worker-org.travisci.example',
  'npx serve@1.2.3-beta.com',
  'GET https://x.example/a.zip?GoogleAccessId=signer%40shop-proxy.iam.gserviceaccount.com&Expires=1',
  'https://bot:$TOKEN@gitlab.com/x.git',
  'https://bot:${TOKEN}@gitlab.com/x.git',
  'com.acme.Foo=com.acme.Foo@1b6d3586',
  'image=node:24@sha256',
])('no address of a person, so it stays: %s', async (line) => {
  expect(await redactor.lines([line])).toEqual([line]);
});
