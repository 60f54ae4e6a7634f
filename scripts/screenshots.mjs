// Renews the pictures of the README from a running demo: `npm run screenshots -- URL`, URL as the demo prints it.
// Needs Chromium on the machine (Debian: apt-get install chromium fonts-inter fonts-noto-color-emoji).
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';

const [url] = process.argv.slice(2);
if (url === undefined) {
  process.stderr.write('Usage: npm run screenshots -- URL\n');
  process.exit(2);
}
const folder = path.resolve(import.meta.dirname, '../docs/images');
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
  ],
});
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 960 } });
  const open = (query) => page.goto(new URL(`?${new URLSearchParams(query)}`, url).href, { waitUntil: 'load' });

  await open({ user: 'U0ADA', channel: 'C0PAYMENTS' });
  await page.getByText('repl', { exact: false }).first().waitFor();
  const last = page.getByRole('button', { name: /repl/u }).last();
  await last.click();
  await page.screenshot({ path: path.join(folder, 'thread.png') });

  await open({ user: 'U0ADA', home: '1' });
  await page.getByText('acme/checkout-api').first().waitFor();
  await page.screenshot({ path: path.join(folder, 'home.png') });
} finally {
  await browser.close();
}
