import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import type { GitHubServer } from './servers.ts';

/** Where GitHub keeps logs: docs.github.com, "About self-hosted runners" and api.github.com/meta, `actions` domains. */
const GITHUB_STORAGE = [
  '*.blob.core.windows.net',
  '*.actions.githubusercontent.com',
  '*.githubusercontent.com',
] as const;

export type HostOutcome = { kind: 'allowed'; url: URL; lookup: LookupFunction } | { kind: 'refused'; reason: string };

export interface LogHosts {
  /** Whether an address that GitHub redirected us to may be asked; `lookup` holds the connection to what was decided. */
  judge(address: string): HostOutcome;
}

interface LogHostOptions {
  listed: readonly string[];
  apiUrl?: string;
  /** Hosts that keep logs for everybody; none where they are another system's. */
  storage?: readonly string[];
}

/** What each server lists, and its own API; a server of one's own may keep logs where nobody else's are. */
export function createServerLogHosts(): (server: GitHubServer) => LogHosts {
  const known = new WeakMap<GitHubServer, LogHosts>();
  return (server) => {
    const hosts = known.get(server) ?? createLogHosts({ listed: server.logHosts, apiUrl: server.apiUrl });
    known.set(server, hosts);
    return hosts;
  };
}

/**
 * GitHub's own storage, the API's host, and what the operator lists: `host`, `host:port` or `*.domain`. Only https, but
 * http to this machine if it is listed. A name that leads to a private or link-local address is refused unless the very
 * name is listed: a redirect must not open a door into our network.
 */
export function createLogHosts({ listed, apiUrl, storage = GITHUB_STORAGE }: LogHostOptions): LogHosts {
  const api = apiUrl === undefined ? [] : [new URL(apiUrl).host];
  const named = new Set([...listed.map((host) => host.toLowerCase()), ...api]);
  const wildcards = [...named, ...storage].filter((host) => host.startsWith('*.')).map((host) => host.slice(1));
  return {
    judge(address) {
      const url = URL.parse(address);
      if (url === null) return { kind: 'refused', reason: 'not an address' };
      if (url.username !== '' || url.password !== '') return { kind: 'refused', reason: 'an address with a password' };
      const host = url.hostname.replace(/^\[|\]$/gu, '');
      const isNamed = named.has(url.host) || named.has(url.hostname) || named.has(host);
      if (!isNamed && !wildcards.some((ending) => host.endsWith(ending)))
        return { kind: 'refused', reason: `the host ${host} is not among those that keep logs` };
      if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isNamed && isThisMachine(host)))
        return { kind: 'refused', reason: `${url.protocol} instead of https:` };
      if (!isNamed && isIP(host) !== 0 && isInside(host))
        return { kind: 'refused', reason: 'an address inside our network' };
      return { kind: 'allowed', url, lookup: isNamed ? resolve : lookupOutside };
    },
  };
}

/** Resolves like the system does, and fails if any answer lies inside: what was looked at is what is connected to. */
const lookupOutside: LookupFunction = (host, options, done) => {
  resolve(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, '');
    if (addresses.some(({ address }) => isInside(address)))
      return done(new Error(`${host} leads to an address inside our network`), '');
    if (options.all) return done(null, addresses);
    const [first] = addresses;
    return done(first ? null : new Error(`${host} has no address`), first?.address ?? '', first?.family);
  });
};

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

/** IANA's special-purpose registries, as far as something could answer there. */
const INSIDE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  INSIDE.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  INSIDE.addSubnet(net, prefix, 'ipv6');

function isInside(address: string): boolean {
  // BlockList sees an IPv4 address inside an IPv6 one (::ffff:10.0.0.1) as the IPv4 address that it is.
  return INSIDE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
