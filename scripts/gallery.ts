// Draws everything that a user can see in Slack, in every state, to pictures: `npm run gallery [-- WORD …]`.
// Needs Chromium on the machine (Debian: apt-get install chromium fonts-inter fonts-noto-color-emoji).
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import express from 'express';
import { type Browser, chromium, type Page } from 'playwright-core';
import { assetRouter } from '../src/sandbox/slack/page-routes.ts';
import { presentFields } from '../src/sandbox/slack/text/present.ts';
import { startBar } from './bench/bench.ts';
import type { GalleryState } from './gallery/state.ts';
import { galleryStates } from './gallery/states.ts';

const FOLDER = path.resolve(import.meta.dirname, '../gallery');
const POSTED_AT = String(Date.UTC(2026, 10, 20, 9, 30) / 1000);

const words = process.argv.slice(2);
const states = galleryStates().filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
if (states.length === 0) {
  process.stderr.write(`No state has a name with ${words.join(' or ')} in it.\n`);
  process.exitCode = 2;
} else {
  await drawAll(states);
}

async function drawAll(wanted: readonly GalleryState[]): Promise<void> {
  if (words.length === 0) rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const server = createServer(express().use(assetRouter()));
  const browser = await openBrowser();
  if (browser === null) return;
  try {
    const url = await listen(server);
    const page = await browser.newPage({ viewport: { width: 800, height: 2000 } });
    await page.goto(`${url}/page/gallery.html`, { waitUntil: 'load' });
    const bar = startBar('Drawing', wanted.length);
    for (const [index, state] of wanted.entries()) {
      await draw(page, state, index);
      bar.update(index + 1);
    }
    bar.stop();
    writeFileSync(path.join(FOLDER, 'index.html'), contents(wanted));
    process.stdout.write(`${wanted.length} pictures, beside each other in gallery/index.html\n`);
  } finally {
    await browser.close();
    server.close();
  }
}

async function openBrowser(): Promise<Browser | null> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  try {
    return await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  } catch {
    process.stderr.write(
      `Chromium could not be started from ${executablePath}; nothing was drawn. Install it (Debian: apt-get install chromium fonts-inter fonts-noto-color-emoji) or name it in CHROMIUM.\n`,
    );
    process.exitCode = 1;
    return null;
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
    });
  });
}

async function draw(page: Page, state: GalleryState, index: number): Promise<void> {
  const drawn = {
    kind: state.kind,
    shown: presentFields({ ...state.shown }),
    isPrivate: state.kind === 'message' && state.isPrivate,
    ts: `${POSTED_AT}.${String(index).padStart(6, '0')}`,
  };
  await page.evaluate(`window.draw(${JSON.stringify(drawn)})`);
  const shown = page.locator(state.kind === 'modal' ? 'dialog.modal' : '#stage');
  await shown.screenshot({ path: path.join(FOLDER, `${state.name}.png`) });
}

function contents(shown: readonly GalleryState[]): string {
  const figures = shown.map(
    ({ name }) => `<figure><figcaption>${name}</figcaption><img src="${name}.png" alt=""></figure>`,
  );
  return `<!doctype html><meta charset="utf-8"><title>Gallery</title><style>body{font:14px sans-serif;columns:420px;background:#ddd}figure{break-inside:avoid;margin:0 0 16px}img{max-width:100%;background:#fff}</style>${figures.join('\n')}\n`;
}
