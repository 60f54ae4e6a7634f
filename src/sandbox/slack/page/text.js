import { element } from './dom.js';

const EMOJI = {
  white_check_mark: '✅',
  heavy_check_mark: '✔️',
  x: '❌',
  warning: '⚠️',
  rotating_light: '🚨',
  fire: '🔥',
  bug: '🐛',
  red_circle: '🔴',
  large_green_circle: '🟢',
  large_yellow_circle: '🟡',
  large_orange_circle: '🟠',
  large_blue_circle: '🔵',
  white_circle: '⚪',
  black_circle: '⚫',
  rocket: '🚀',
  eyes: '👀',
  tada: '🎉',
  mag: '🔍',
  bulb: '💡',
  wrench: '🔧',
  hammer_and_wrench: '🛠️',
  repeat: '🔁',
  arrows_counterclockwise: '🔄',
  hourglass_flowing_sand: '⏳',
  zap: '⚡',
  wave: '👋',
  information_source: 'ℹ️',
  question: '❓',
  exclamation: '❗',
  no_entry: '⛔',
  lock: '🔒',
  link: '🔗',
  memo: '📝',
  package: '📦',
  test_tube: '🧪',
  robot_face: '🤖',
  thumbsup: '👍',
  '+1': '👍',
  thumbsdown: '👎',
  '-1': '👎',
  no_bell: '🔕',
  bell: '🔔',
  chart_with_upwards_trend: '📈',
  cloud: '☁️',
  game_die: '🎲',
  sparkles: '✨',
  house: '🏠',
};

export function withEmoji(text) {
  return text.replaceAll(/:([a-z0-9_+-]+):/g, (whole, name) => (Object.hasOwn(EMOJI, name) ? EMOJI[name] : whole));
}

/** Text nodes as the server parsed them, as DOM. */
export function textOf(nodes, names) {
  return nodes.map((node) => nodeOf(node, names));
}

const STYLES = { bold: 'strong', italic: 'em', strike: 's', quote: 'blockquote', paragraph: 'p', heading: 'h4' };

function nodeOf(node, names) {
  if (node.type === 'text') return withEmoji(node.text);
  if (node.type === 'break') return element('br');
  if (node.type === 'code') return element('code', {}, node.text);
  if (node.type === 'pre') return element('pre', {}, node.text);
  if (node.type === 'link') return link(node.url, withEmoji(node.text));
  if (node.type === 'user') return element('span', { class: 'mention' }, `@${names.user(node.id)}`);
  if (node.type === 'channel') return element('span', { class: 'mention' }, `#${names.channel(node.id)}`);
  if (node.type === 'broadcast') return element('span', { class: 'mention broadcast' }, `@${node.range}`);
  if (node.type === 'date') return element('time', { title: node.fallback }, dateText(node.timestamp, node.format));
  if (node.type === 'list') {
    const items = node.items.map((item) => element('li', {}, textOf(item, names)));
    return element(node.isOrdered ? 'ol' : 'ul', {}, items);
  }
  return element(STYLES[node.type], {}, textOf(node.children, names));
}

export function link(url, text) {
  return element('a', { href: url, target: '_blank', rel: 'noopener noreferrer nofollow' }, text);
}

const DATES = {
  date: { dateStyle: 'long' },
  date_long: { dateStyle: 'full' },
  date_short: { dateStyle: 'medium' },
  date_pretty: { dateStyle: 'long' },
  date_num: { year: 'numeric', month: '2-digit', day: '2-digit' },
  time: { timeStyle: 'short' },
  time_secs: { timeStyle: 'medium' },
};

/** Slack's `<!date^...>` format in the reader's own time. */
export function dateText(timestamp, format) {
  const at = new Date(timestamp * 1000);
  return format.replaceAll(/\{(\w+)\}/g, (whole, name) => {
    if (name === 'ago') return agoText(at);
    const key = name.replace(/_pretty$/, '');
    const style = DATES[name] ?? DATES[key];
    return style ? new Intl.DateTimeFormat('en-GB', style).format(at) : whole;
  });
}

function agoText(at) {
  const minutes = Math.round((Date.now() - at.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.round(hours / 24)} days ago`;
}

/** A text object of Block Kit. */
export function textObject(object, names) {
  if (!object) return [];
  return object.type === 'mrkdwn' ? textOf(object.nodes ?? [], names) : [withEmoji(object.text ?? '')];
}
