import { createPrivateKey } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { InstallationId, WorkspaceId } from './domain/ids.ts';

// What a variable may hold: one schema for each kind of value.

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** A URL of another system: https, or http on this machine (a stand-in, a sidecar). */
export const ServiceUrl = z.url({ protocol: /^https?$/u }).refine((text) => {
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || LOOPBACK.includes(hostname);
}, 'must be https, except on localhost');

/** Networks that no router of the internet forwards to. Link-local is left out: clouds answer there with credentials. */
const PRIVATE_NETWORKS = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
] as const)
  PRIVATE_NETWORKS.addSubnet(network, prefix);
PRIVATE_NETWORKS.addAddress('::1', 'ipv6');
PRIVATE_NETWORKS.addSubnet('fc00::', 7, 'ipv6');

/** Names that only a private network resolves; of one word are those of Docker Compose and Kubernetes. */
const PRIVATE_NAME = /^(?:[^.]+|.+\.(?:local|internal|lan|home\.arpa|localhost|svc))$/u;

/** A URL in a network of one's own: https anywhere, http only where the name or address shows that it stays inside. */
export const PrivateServiceUrl = z
  .url({ protocol: /^https?$/u })
  .refine((text) => {
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || isPrivateHost(hostname);
  }, 'must be https, except for this machine, private addresses, and names such as ollama, ollama.svc or gpu.internal')
  .refine((text) => {
    const { username, password } = new URL(text);
    return username === '' && password === '';
  }, 'must hold no user name and no password');

function isPrivateHost(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/u, '$1');
  const version = isIP(host);
  if (version === 0) return PRIVATE_NAME.test(host);
  return PRIVATE_NETWORKS.check(host, version === 4 ? 'ipv4' : 'ipv6');
}

export const Secret = z.string().min(20, 'must have at least 20 characters');

/** A whole number of milliseconds. */
export const Milliseconds = z.coerce.number().int().min(100).max(3_600_000);

/** The App's RSA key as PEM; the newlines may be written as `\n`, which is how one-line environment files hold them. */
export const PrivateKey = z
  .string()
  .transform((text) => `${text.replaceAll('\\n', '\n').trim()}\n`)
  .refine((pem) => {
    try {
      return createPrivateKey(pem).asymmetricKeyType === 'rsa';
    } catch {
      return false;
    }
  }, 'must be the RSA private key of the GitHub App, in PEM form');

/** 32 random bytes in base64: `openssl rand -base64 32`. */
export const EncryptionKey = z
  .string()
  .transform((text) => Buffer.from(text, 'base64'))
  .refine((key) => key.length === 32, 'must be 32 bytes in base64; make one with: openssl rand -base64 32');

export const CommaList = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export const InstallationLink = z
  .string()
  .regex(/^[TE][A-Z0-9]+:\d+$/u, 'must be WORKSPACE:INSTALLATION pairs such as T0123ABCD:45678, separated by commas')
  .transform((pair) => {
    const [workspace, installation] = pair.split(':');
    return { workspaceId: WorkspaceId.parse(workspace), installationId: InstallationId.parse(Number(installation)) };
  });
