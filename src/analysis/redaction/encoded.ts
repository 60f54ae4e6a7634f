import type { Mark } from './rule.ts';

/** Takes secrets out of plain text. */
type Redact = (text: string, mark: Mark) => string;

const PERCENT_RUN = /[\w.~%+:/@=&;,!$*?#()-]{1,4096}/gu;
const PERCENT = /%[0-9A-Fa-f]{2}/u;
/** Who encodes what is encoded does it once or twice more. */
const MOST_LAYERS = 3;
const HEX_RUN = /(?<![0-9A-Za-z])(?:0x)?(?:[0-9A-Fa-f]{2}){16,8192}(?![0-9A-Za-z])/gu;
const BASE64_RUN = /[A-Za-z0-9+/_-]{16,8192}={0,2}/gu;
const BEGINNINGS = (
  'PRIVATE KEY|"auth":|"auths"|_authToken|Authorization|x-access-token|github_pat_|private_key|' +
  'ghp_|gho_|ghu_|ghs_|ghr_|glpat-|xoxb-|xoxp-|xapp-|AKIA|ASIA|AIza|sk-ant-|sk-proj-|' +
  'npm_|hvs.|dckr_pat_|sk_live_|rk_live_|pypi-Ag|dapi|hf_|' +
  'password|PASSWORD|Password|secret|SECRET|Secret|token=|TOKEN=|"token"'
).split('|');
/** What a secret starts with, or what stands before one, as it looks in base64: found without decoding anything. */
export const BASE64_LITERALS: readonly string[] = BEGINNINGS.flatMap((text) => base64Cores(text));

/** What the tokens of CI start with, as it looks in hexadecimal digits. */
export const HEX_LITERALS: readonly string[] =
  'PRIVATE KEY|github_pat_|ghp_|gho_|ghu_|ghs_|ghr_|glpat-|xoxb-|xoxp-|xapp-|AKIA|ASIA|sk-ant-|sk-proj-|npm_'
    .split('|')
    .map((text) => Buffer.from(text).toString('hex'));

/** How `text` looks within base64, whatever stands around it: one core for each of the three alignments. */
export function base64Cores(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/u, '');
    const isCut = (offset + bytes.length) % 3 !== 0;
    return encoded.slice([0, 2, 3][offset], isCut ? -1 : undefined);
  });
}

/** Looks behind `%3A` and its kin, also where that was encoded again: a part with a secret in it is shown decoded, without the secret. */
export function redactPercent(text: string, mark: Mark, redact: Redact): string {
  return text.replaceAll(PERCENT_RUN, (run) => {
    let decoded = run;
    for (let layers = 0; layers < MOST_LAYERS && PERCENT.test(decoded); layers += 1) {
      decoded = decodePercent(decoded);
      const clean = redact(decoded, mark);
      if (clean !== decoded) return clean;
    }
    return run;
  });
}

/** Looks into base64, where one of BASE64_LITERALS stands: a part with a secret in it goes whole. */
export function redactBase64(text: string, mark: Mark, redact: Redact): string {
  return text.replaceAll(BASE64_RUN, (run) => redactWhole(run, Buffer.from(run, 'base64'), { mark, redact }));
}

/** The same for hexadecimal digits and HEX_LITERALS. */
export function redactHex(text: string, mark: Mark, redact: Redact): string {
  return text.replaceAll(HEX_RUN, (run) =>
    redactWhole(run, Buffer.from(run.replace(/^0x/u, ''), 'hex'), { mark, redact }),
  );
}

function redactWhole(run: string, decoded: Buffer, { mark, redact }: { mark: Mark; redact: Redact }): string {
  const kinds: string[] = [];
  redact(decoded.toString('latin1'), (kind) => {
    if (kind !== 'email') kinds.push(kind);
    return '';
  });
  const [kind] = kinds;
  return kind === undefined ? run : mark(kind, run);
}

// oxlint-disable-next-line no-control-regex -- a line must stay one line
const CONTROLS = /[\u0000-\u001f\u007f-\u009f]/gu;

function decodePercent(run: string): string {
  return run
    .replaceAll(/(?:%[0-9A-Fa-f]{2}){1,4096}/gu, (bytes) =>
      Buffer.from(bytes.replaceAll('%', ''), 'hex').toString('utf8'),
    )
    .replaceAll(CONTROLS, ' ');
}
