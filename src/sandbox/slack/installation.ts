import type { InstallOutcome } from './contract.ts';

/** A browser without a person: follows redirects, keeps cookies per host. */
interface Browser {
  get(url: string): Promise<Response>;
}

function buildBrowser(): Browser {
  const jars = new Map<string, Map<string, string>>();
  return {
    async get(url) {
      const { host } = new URL(url);
      const jar = jars.get(host) ?? new Map<string, string>();
      jars.set(host, jar);
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} });
      for (const line of response.headers.getSetCookie()) {
        const [, name, value] = /^([^=;]+)=([^;]*)/u.exec(line) ?? [];
        if (name) jar.set(name.trim(), value ?? '');
      }
      return response;
    },
  };
}

const MAX_STEPS = 10;

/**
 * Walks from the product's install page over ours back to the product. Throws where the product's page leads to no install
 * page of ours.
 */
export async function walkInstallation(place: {
  installUrl: string;
  authorizeUrl: string;
  choices: Record<string, string>;
}): Promise<InstallOutcome> {
  const browser = buildBrowser();
  let next = place.installUrl;
  let wasAllowed = false;
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const isOurs = next.startsWith(place.authorizeUrl);
    const response = await browser.get(isOurs ? withChoices(next, place.choices) : next);
    const body = await response.text();
    const location = locationOf(response, next);
    if (wasAllowed) return { status: response.status, location, body };
    wasAllowed ||= isOurs;
    const link = location ?? linkTo(body, place.authorizeUrl);
    if (!link) throw new Error(`The install page answered ${response.status} without a way to ${place.authorizeUrl}`);
    next = link;
  }
  throw new Error(`The installation did not end after ${MAX_STEPS} steps`);
}

function withChoices(url: string, choices: Record<string, string>): string {
  const address = new URL(url);
  for (const [name, value] of Object.entries(choices)) address.searchParams.set(name, value);
  return address.href;
}

function locationOf(response: Response, from: string): string | null {
  const location = response.headers.get('location');
  return location === null ? null : new URL(location, from).href;
}

function linkTo(html: string, target: string): string | null {
  const links = [...html.matchAll(/href="([^"]+)"/gu)].map(([, href = '']) => href.replaceAll('&amp;', '&'));
  return links.find((href) => href.startsWith(target)) ?? null;
}
